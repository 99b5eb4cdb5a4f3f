import { existsSync, readFileSync } from "node:fs";

import { listCases, readCaseFiles } from "./case-folder.ts";
import type { CaseFiles } from "./conformance-case.ts";
import type { SuiteResult } from "./suite-result.ts";

/** Versions of PyPI's `onnx` whose cases are generated. */
export const generatedVersions: readonly string[] = ["1.22.0", "1.23.2"];

/** A version of the format's cases, and where they are. */
export interface Suite {
  readonly name: string;
  /** What has to be on the machine. */
  readonly part: "onnx-testdata" | "onnx-cases";
  /** The folder below the part's. */
  readonly folder: string;
}

/**
 * The suites: what Debian 12 packages, the newest in a version of the format that the runtime reads,
 * and the newest there is.
 */
export const suites: Readonly<Record<"packaged" | "current" | "newest", Suite>> = {
  packaged: { name: "onnx-1.12.0", part: "onnx-testdata", folder: "." },
  current: { name: "onnx-1.22.0", part: "onnx-cases", folder: "onnx-1.22.0" },
  newest: { name: "onnx-1.23.2", part: "onnx-cases", folder: "onnx-1.23.2" },
};

/** The cases of a suite in a folder, all of them or the named ones. */
export function casesIn(
  folder: string,
  names: readonly string[] = listCases(folder),
): { readonly names: readonly string[]; readonly read: (name: string) => CaseFiles } {
  return { names, read: (name) => readCaseFiles(folder, name) };
}

/** Where they are checked in. */
export const representativePath: URL = new URL("../results/representative-cases.json", import.meta.url);

/** The cases of the current suite that stand for all, as they are checked in. */
export function representativeCases(): readonly string[] {
  return JSON.parse(readFileSync(representativePath, "utf8")) as readonly string[];
}

/** Where the result of a suite on a device is checked in. */
export function resultPath(suite: string, device: string): URL {
  return new URL(`../results/${suite}.${device}.json`, import.meta.url);
}

/** The result that is checked in. */
export function readResult(suite: string, device: string): SuiteResult | undefined {
  const path = resultPath(suite, device);
  return existsSync(path) ? (JSON.parse(readFileSync(path, "utf8")) as SuiteResult) : undefined;
}
