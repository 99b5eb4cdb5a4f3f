import { type CaseFiles, operatorsOf, readCase } from "./conformance-case.ts";
import { type Reason, reasonFor } from "./reasons.ts";
import { type Execute, type Outcome, runCase } from "./run-case.ts";

/** What became of all cases of a suite on one device: what is checked in. */
export interface SuiteResult {
  /** The suite and its version, such as `onnx-1.23.2`. */
  readonly suite: string;
  readonly device: string;
  /** The package that computes, and its version. */
  readonly runtime: string;
  readonly cases: number;
  /** How many are passed, without those that may be or not. */
  readonly passed: number;
  /** The cases that are not passed, by reason. */
  readonly exceptions: readonly Exception[];
  /** For each operator, of the cases of it alone, how many are passed and how many there are. */
  readonly operators: Readonly<Record<string, readonly [passed: number, cases: number]>>;
  /** Operators of which a case runs on the CPU instead, where the device is another. */
  readonly onCpu?: readonly string[];
}

/** Cases that are not passed for the same reason. */
interface Exception extends Reason {
  readonly cases: readonly string[];
}

/** A case of which the Predictor and the bare runtime think differently. */
export interface Disagreement {
  readonly name: string;
  readonly predictor: Outcome;
  readonly runtime: Outcome;
}

/** What {@link runSuite} is told. */
export interface RunSuiteOptions extends Pick<SuiteResult, "suite" | "device" | "runtime"> {
  readonly names: readonly string[];
  readonly read: (name: string) => CaseFiles;
  /** Runs a case through a Predictor. */
  readonly predictor: Execute;
  /** Runs a case through the runtime's own interface. */
  readonly bareRuntime: Execute;
  /** Whether all of a model runs on the device itself. Default: it is not asked. */
  readonly runsOnDevice?: (model: Uint8Array) => Promise<boolean>;
}

/** Runs all cases, each through the Predictor and through the bare runtime. */
export async function runSuite({
  names,
  read,
  predictor,
  bareRuntime,
  runsOnDevice,
  ...header
}: RunSuiteOptions): Promise<{
  readonly result: SuiteResult;
  readonly disagreements: readonly Disagreement[];
}> {
  const disagreements: Disagreement[] = [];
  const exceptions = new Map<string, { readonly reason: Reason; readonly cases: string[] }>();
  const operators = new Map<string, [passed: number, cases: number]>();
  const onCpu = new Set<string>();
  let passed = 0;
  for (const name of names) {
    const conformanceCase = readCase(read(name));
    const runtimeOutcome = await runCase(conformanceCase, bareRuntime);
    const outcome = await runCase(conformanceCase, predictor);
    const reason = runtimeOutcome.passed ? undefined : reasonFor(name, runtimeOutcome);
    const mayPass = reason?.mayPass === true;
    if (outcome.passed !== runtimeOutcome.passed && !mayPass) {
      disagreements.push({ name, predictor: outcome, runtime: runtimeOutcome });
    }
    if (reason === undefined) passed += 1;
    else {
      const sameReason = exceptions.get(reason.reason) ?? { reason, cases: [] };
      sameReason.cases.push(name);
      exceptions.set(reason.reason, sameReason);
    }
    const [operator, ...others] = operatorsOf(conformanceCase.model);
    if (operator === undefined || others.length > 0 || mayPass) continue;
    const [passedBefore, casesBefore] = operators.get(operator) ?? [0, 0];
    operators.set(operator, [passedBefore + (reason === undefined ? 1 : 0), casesBefore + 1]);
    if (reason === undefined && runsOnDevice && !(await runsOnDevice(conformanceCase.model))) {
      onCpu.add(operator);
    }
  }
  const result: SuiteResult = {
    ...header,
    cases: names.length,
    passed,
    exceptions: [...exceptions.values()]
      .map(({ reason, cases }) => ({ ...reason, cases }))
      .toSorted((one, other) => compare(one.reason, other.reason)),
    operators: Object.fromEntries([...operators].toSorted(([one], [other]) => compare(one, other))),
    ...(runsOnDevice && { onCpu: [...onCpu].toSorted(compare) }),
  };
  return { result, disagreements };
}

function compare(one: string, other: string): number {
  return one < other ? -1 : one > other ? 1 : 0;
}
