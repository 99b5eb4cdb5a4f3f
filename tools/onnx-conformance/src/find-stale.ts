import type { SuiteResult } from "./suite-result.ts";

/** In what the record of a suite no longer tells what was found, a line each. */
export function findStale(recorded: SuiteResult, found: SuiteResult): string[] {
  const problems: string[] = [];
  for (const key of ["suite", "device", "runtime", "cases", "passed"] as const) {
    if (recorded[key] === found[key]) continue;
    problems.push(`${key} is ${found[key]}, and was recorded as ${recorded[key]}`);
  }
  const [before, now] = [reasonsOf(recorded), reasonsOf(found)];
  const mayPass = new Set(recorded.exceptions.filter((one) => one.mayPass).flatMap(({ cases }) => cases));
  for (const [name, reason] of before) {
    if (!now.has(name) && !mayPass.has(name)) problems.push(`${name} passes, and is listed: ${reason}`);
  }
  for (const [name, reason] of now) {
    const listed = before.get(name);
    if (listed === undefined) problems.push(`${name} does not pass, and is not listed: ${reason}`);
    else if (listed !== reason) problems.push(`${name} is listed for another reason than: ${reason}`);
  }
  const keys = ["operators", "onCpu"] as const;
  for (const key of keys) {
    if (JSON.stringify(recorded[key]) !== JSON.stringify(found[key])) problems.push(`${key} differ`);
  }
  return problems;
}

function reasonsOf({ exceptions }: SuiteResult): ReadonlyMap<string, string> {
  return new Map(exceptions.flatMap(({ reason, cases }) => cases.map((name) => [name, reason] as const)));
}
