import { writeFileSync } from "node:fs";
import { join } from "node:path";
import type { BrowserCommand } from "vitest/node";
import { readCaseFiles } from "../../tools/onnx-conformance/src/case-folder.ts";
import { findStale } from "../../tools/onnx-conformance/src/find-stale.ts";
import type { SuiteResult } from "../../tools/onnx-conformance/src/suite-result.ts";
import {
  readResult,
  representativeCases,
  resultPath,
  suites,
} from "../../tools/onnx-conformance/src/suites.ts";
import { requirement } from "./requirement.ts";

/** The files of a case, in base64: a page gets what JSON carries. */
export interface EncodedCase {
  readonly name: string;
  readonly model: string;
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
}

/** Cases of a suite. */
interface EncodedSuite {
  readonly suite: string;
  readonly cases: readonly EncodedCase[];
}

/** What the conformance of a page needs done outside of it. */
declare module "vitest/browser" {
  interface BrowserCommands {
    /** The representative cases of the current suite, of which `onnx-cases` has to be there. */
    readConformanceCases(): Promise<EncodedSuite>;
    /**
     * In what the record of a device no longer tells what was found, a line each. With
     * `UPDATE_CONFORMANCE=true` it is recorded anew before.
     */
    compareWithRecord(found: SuiteResult): Promise<readonly string[]>;
  }
}

const readConformanceCases: BrowserCommand<[]> = () => {
  const { name: suite, part, folder: version } = suites.current;
  const needed = requirement(part);
  if (!needed.available) throw new Error(`${needed.name} is missing: ${needed.howToGet}.`);
  const folder = join(needed.path, version);
  const encode = (bytes: Uint8Array): string => Buffer.from(bytes).toString("base64");
  const cases = representativeCases().map((name): EncodedCase => {
    const { model, inputs, outputs } = readCaseFiles(folder, name);
    return { name, model: encode(model), inputs: inputs.map(encode), outputs: outputs.map(encode) };
  });
  return { suite, cases } satisfies EncodedSuite;
};

const compareWithRecord: BrowserCommand<[found: SuiteResult]> = (_context, found) => {
  const { suite, device } = found;
  if (process.env["UPDATE_CONFORMANCE"] === "true") {
    writeFileSync(resultPath(suite, device), `${JSON.stringify(found, undefined, 2)}\n`);
  }
  const recorded = readResult(suite, device);
  return recorded === undefined ? ["there is no record"] : findStale(recorded, found);
};

/** The commands, by the names that tests call them by. */
export const conformanceCommands: {
  readonly readConformanceCases: typeof readConformanceCases;
  readonly compareWithRecord: typeof compareWithRecord;
} = { readConformanceCases, compareWithRecord };
