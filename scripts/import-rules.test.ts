import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { findForbiddenImports, importRules } from "./import-rules.ts";
import { repositoryRoot } from "./lib/repository.ts";
import { temporaryFolder } from "./test/temporary-folder.ts";

/** What the repository's own rules say about one file with this text. */
function check(file: string, text: string): string[] {
  const root = temporaryFolder();
  const path = join(root, file);
  mkdirSync(join(path, ".."), { recursive: true });
  writeFileSync(path, text);
  return findForbiddenImports(root, importRules);
}

test("the packages keep the rules", () => {
  expect(findForbiddenImports(repositoryRoot, importRules)).toEqual([]);
});

test.each([
  ["packages/core/src/a.ts", `import { readFile } from "node:fs/promises";`],
  ["packages/core/src/a.ts", `import type { Stats } from "node:fs";`],
  ["packages/core/src/a.ts", `type Stats = import("node:fs").Stats;`],
  ["packages/core/src/a.ts", `await import("node:fs");`],
  ["packages/core/src/a.ts", `import fs from "fs";`],
  ["packages/core/src/a.ts", `import "@mlops/server";`],
  ["packages/core/src/a.ts", `export * from "@mlops/backend-onnx";`],
  ["packages/core/src/a.ts", `import { helper } from "../../server/src/helper.ts";`],
  ["packages/core/src/a.ts", `require("lodash");`],
  ["packages/core/src/a.ts", `import { test } from "vitest";`],
  ["packages/backend-onnx/src/a.ts", `import { InferenceSession } from "onnxruntime-node";`],
  ["packages/backend-onnx/src/a.ts", `import "@mlops/server";`],
  ["packages/server/src/a.ts", `import fastify from "fastify";`],
  ["packages/server/src/a.ts", `export { fastify } from "fastify";`],
  ["examples/device-price/main.ts", `import { z } from "../../packages/core/src/index.ts";`],
])("in %s, %s is forbidden", (file, text) => {
  expect(check(file, `\n${text}`)).toEqual([expect.stringContaining(`${file}:2 imports`)]);
});

test.each([
  ["packages/core/src/a.ts", `import { z } from "zod"; import "./b.ts"; import "../src/b.ts";`],
  ["packages/core/src/folder/a.test.ts", `import { readFile } from "node:fs/promises";`],
  [
    "packages/backend-onnx/src/a.ts",
    `import type { Tensor } from "onnxruntime-node"; await import("onnxruntime-node");`,
  ],
  [
    "packages/server/src/fastify.ts",
    `import type { FastifyInstance } from "fastify"; export type { A } from "fastify";`,
  ],
  [
    "examples/device-price/main.ts",
    `import { z } from "@mlops/core"; import "node:http"; import "./src/a.ts";`,
  ],
])("in %s, %s is allowed", (file, text) => {
  expect(check(file, text)).toEqual([]);
});

test("a package without a rule is reported", () => {
  expect(check("packages/new/src/a.ts", "")).toEqual([
    expect.stringContaining("packages/new has no import rule"),
  ]);
});
