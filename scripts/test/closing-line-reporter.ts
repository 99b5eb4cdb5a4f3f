import { writeSync } from "node:fs";
import { isAbsolute, relative } from "node:path";
import type { TestCase, TestModule, TestSuite, Reporter } from "vitest/node";

declare module "vitest" {
  interface TaskMeta {
    /** Why the tests in this suite are skipped, and how to get what they need. */
    skipReason?: string;
  }
}

/** What a run came to. `failed` counts failed tests and every failure outside a test: a hook, a file, an unhandled error. */
interface RunCounts {
  passed: number;
  failed: number;
  /** Test names by the reason they were skipped for. */
  skipped: Map<string, string[]>;
}

/**
 * Lists the skipped tests by reason, then ends the output with one line of the
 * form `N passed, N failed` or `N passed, N failed, N skipped`.
 *
 * The line is written while the process exits, so that nothing comes after it;
 * an exit code that no counted failure explains counts as one more failure.
 */
export class ClosingLineReporter implements Reporter {
  #counts: RunCounts = emptyCounts();

  onInit(): void {
    process.once("exit", (code) => writeSync(1, closingText(this.#counts, code)));
  }

  onTestRunEnd(modules: readonly TestModule[], unhandledErrors: readonly unknown[]): void {
    this.#counts = countRun(modules, unhandledErrors);
  }
}

/** Counts the tests of all files, and the failures that belong to no test. */
function countRun(modules: readonly TestModule[], unhandledErrors: readonly unknown[]): RunCounts {
  const counts = emptyCounts();
  counts.failed += unhandledErrors.length;
  for (const module of modules) {
    counts.failed += failuresOutsideTests(module);
    for (const suite of module.children.allSuites()) counts.failed += failuresOutsideTests(suite);
    for (const test of module.children.allTests()) countTest(test, counts);
  }
  return counts;
}

/** The last lines of the output: the skipped tests if there are any, then the counts. */
function closingText({ passed, failed, skipped }: RunCounts, exitCode: number): string {
  const failures = exitCode !== 0 && failed === 0 ? 1 : failed;
  const lines = ["", ...[...skipped].flatMap(([reason, names]) => skippedLines(reason, names))];
  const skippedCount = [...skipped.values()].reduce((sum, names) => sum + names.length, 0);
  const ending = skippedCount > 0 ? `, ${skippedCount} skipped` : "";
  return [...lines, `${passed} passed, ${failures} failed${ending}`, ""].join("\n");
}

function emptyCounts(): RunCounts {
  return { passed: 0, failed: 0, skipped: new Map() };
}

/** A file that cannot load and a hook that throws are failures, whatever became of their tests. */
function failuresOutsideTests(container: TestModule | TestSuite): number {
  return container.errors().length;
}

function countTest(test: TestCase, counts: RunCounts): void {
  const result = test.result();
  if (result.state === "passed") counts.passed += 1;
  else if (result.state === "failed") counts.failed += 1;
  else {
    const note = result.state === "skipped" ? result.note : undefined;
    const reason = note ?? inheritedReason(test) ?? "no reason given";
    const names = counts.skipped.get(reason) ?? [];
    names.push(`${displayPath(test.module.moduleId)} > ${test.fullName}`);
    counts.skipped.set(reason, names);
  }
}

function inheritedReason(task: TestCase | TestSuite): string | undefined {
  const own = task.meta().skipReason;
  if (own !== undefined) return own;
  return task.parent.type === "module" ? undefined : inheritedReason(task.parent);
}

function skippedLines(reason: string, names: readonly string[]): string[] {
  return [`Skipped, ${reason}`, ...names.map((name) => `  - ${name}`), ""];
}

function displayPath(moduleId: string): string {
  return isAbsolute(moduleId) ? relative(process.cwd(), moduleId) : moduleId;
}
