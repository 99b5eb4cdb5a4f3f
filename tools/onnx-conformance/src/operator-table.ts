import type { SuiteResult } from "./suite-result.ts";

/** A column of the table: a device, and what was found on it. */
export interface OperatorColumn {
  readonly title: string;
  readonly result: SuiteResult;
}

/** The rows of operator by device: for each, how many of its cases are passed. */
export function operatorTable(columns: readonly OperatorColumn[]): string[][] {
  const operators = new Set(columns.flatMap(({ result }) => Object.keys(result.operators)));
  return [...operators].toSorted().map((operator) => {
    const [domain, name] = operator.includes(":") ? operator.split(":") : [undefined, operator];
    const title = domain === undefined ? `\`${name}\`` : `\`${name}\` (${domain})`;
    return [title, ...columns.map(({ result }) => cell(operator, result))];
  });
}

function cell(operator: string, { operators, onCpu = [] }: SuiteResult): string {
  const [passed, cases] = operators[operator] ?? [0, 0];
  if (cases === 0) return "";
  const count =
    passed === cases ? `all ${cases}` : passed === 0 ? `none of ${cases}` : `${passed} of ${cases}`;
  return onCpu.includes(operator) ? `${count}, on the CPU` : count;
}

/** A line for each device: how many cases of which suite it passes. */
export function suiteTable(columns: readonly OperatorColumn[]): string[][] {
  return columns.map(({ title, result }) => [
    title,
    result.runtime,
    result.suite.replace("-", " "),
    String(result.cases),
    String(result.passed),
    String(result.cases - result.passed),
  ]);
}

/** A line for each reason for which cases are not passed, on each device. */
export function exceptionTable(columns: readonly OperatorColumn[]): string[][] {
  const byReason = new Map<string, string[]>();
  for (const { title, result } of columns) {
    for (const { reason, cases } of result.exceptions) {
      const counts = byReason.get(reason) ?? [];
      counts.push(`${title} (${result.suite.replace("-", " ")}): ${cases.length}`);
      byReason.set(reason, counts);
    }
  }
  return [...byReason.keys()].toSorted().map((reason) => [reason, byReason.get(reason)!.join("; ")]);
}
