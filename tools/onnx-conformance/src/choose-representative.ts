import { listCases, readCaseFiles } from "./case-folder.ts";
import { chooseCases } from "./choose-cases.ts";
import { operatorsOf } from "./conformance-case.ts";
import type { SuiteResult } from "./suite-result.ts";

/** How many cases stand for all where all would take too long. */
const representativeCount = 200;

/**
 * The cases that stand for all by rule: of those of a single operator that Node's CPU passes,
 * {@link chooseCases}.
 */
export function chooseRepresentative(folder: string, onCpu: SuiteResult): readonly string[] {
  const failing = new Set(onCpu.exceptions.flatMap(({ cases }) => cases));
  const candidates = listCases(folder)
    .filter((name) => !failing.has(name))
    .flatMap((name) => {
      const [operator, ...others] = operatorsOf(readCaseFiles(folder, name).model);
      return operator === undefined || others.length > 0 ? [] : [{ name, operator }];
    });
  return chooseCases(candidates, representativeCount);
}
