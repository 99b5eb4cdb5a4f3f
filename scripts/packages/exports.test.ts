import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { expect, test } from "vitest";
import { temporaryFolder } from "../test/temporary-folder.ts";
import { exportProblems } from "./exports.ts";

const exports = { ".": { types: "./dist/index.d.ts", default: "./dist/index.js" } };
const built = {
  "dist/index.js": `import { a } from "./chunk-1.js"; new Worker(new URL("./worker.js", import.meta.url));`,
  "dist/index.js.map": "{}",
  "dist/chunk-1.js": `const lazy = () => import("./lazy.js");`,
  "dist/lazy.js": "",
  "dist/worker.js": "",
  "dist/index.d.ts": `export { A } from "./types-1.js";`,
  "dist/types-1.d.ts": "",
};

function problemsOf(files: Readonly<Record<string, string>>): string[] {
  const folder = temporaryFolder();
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  return exportProblems(folder, exports);
}

test("what is named, and what it imports, belongs to the package", () => {
  expect(problemsOf(built)).toEqual([]);
});

test("a file that exports names and the build lacks is reported", () => {
  const { "dist/index.d.ts": _removed, "dist/types-1.d.ts": _removedToo, ...rest } = built;
  expect(problemsOf(rest)).toEqual(["exports names ./dist/index.d.ts, which does not exist."]);
});

test("a file that nothing leads to is reported", () => {
  expect(problemsOf({ ...built, "dist/old/forgotten.js": "" })).toEqual([
    "dist/old/forgotten.js is built, but no entry of exports leads to it.",
  ]);
});
