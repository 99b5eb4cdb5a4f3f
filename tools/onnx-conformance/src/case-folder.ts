import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

import type { CaseFiles } from "./conformance-case.ts";

/** The names of the cases in a folder, in alphabetical order. */
export function listCases(folder: string): readonly string[] {
  return readdirSync(folder)
    .filter((name) => existsSync(join(folder, name, "model.onnx")))
    .toSorted();
}

/** Reads the files of a case from a folder of cases. */
export function readCaseFiles(folder: string, name: string): CaseFiles {
  const data = join(folder, name, "test_data_set_0");
  const read = (kind: "input" | "output"): Uint8Array[] => {
    const files: Uint8Array[] = [];
    for (;;) {
      const path = join(data, `${kind}_${files.length}.pb`);
      if (!existsSync(path)) return files;
      files.push(readFileSync(path));
    }
  };
  return {
    name,
    model: readFileSync(join(folder, name, "model.onnx")),
    inputs: read("input"),
    outputs: read("output"),
  };
}
