import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { errorCodes } from "@mlops/core";
import { conformanceTestNames } from "@mlops/core/testing";
import {
  allResults,
  exceptionTable,
  currentResults,
  operatorTable,
  suiteTable,
} from "@mlops/onnx-conformance";
import { importRules } from "../import-rules.ts";
import { repositoryRoot } from "../lib/repository.ts";
import { findDocuments } from "./code-blocks.ts";

/** The parts of the documentation that are made from code, by the name in their marker. */
const generators: Readonly<Record<string, () => string>> = {
  "error-codes": () =>
    table(
      ["Code", "Class", "Meaning", "What to do", "Whose move", "Retry"],
      Object.entries(errorCodes).map(([code, { error, meaning, remedy, concerns, retryable }]) => [
        `\`${code}\``,
        `\`${error}\``,
        meaning,
        remedy,
        concerns,
        retryable ? "yes" : "no",
      ]),
    ),
  "conformance-tests": () =>
    conformanceTestNames()
      .map((name) => `- ${name}`)
      .join("\n"),
  "onnx-suites": () =>
    table(["Device", "Runtime", "Cases of", "Cases", "Passed", "Not passed"], suiteTable(allResults())),
  "onnx-operators": () =>
    table(["Operator", ...currentResults().map(({ title }) => title)], operatorTable(currentResults())),
  "onnx-exceptions": () => table(["Reason", "Cases"], exceptionTable(allResults())),
  "import-rules": () =>
    table(
      ["Folder", "May import", "Types and `import()` only"],
      Object.entries(importRules).map(([folder, { imports, lazyImports }]) => [
        `\`${folder}\``,
        imports[0] === "*" ? "anything" : names(imports),
        names(lazyImports),
      ]),
    ),
};

const section = /(<!-- generated: (\S+) -->\n)[\s\S]*?(<!-- \/generated -->)/g;

/** Fills in the marked sections of the documents, or with `--check` says which are out of date. */
function main(): void {
  const check = process.argv.includes("--check");
  const problems: string[] = [];
  const used = new Set<string>();
  for (const { path, text } of findDocuments(repositoryRoot)) {
    const current = text.replace(section, (whole: string, start: string, name: string, end: string) => {
      const generate = generators[name];
      if (!generate) problems.push(`${path} asks for \`generated: ${name}\`, which nothing makes.`);
      used.add(name);
      return generate ? `${start}\n${generate()}\n\n${end}` : whole;
    });
    if (current === text) continue;
    if (check) problems.push(`${path} is out of date; run \`pnpm docs:generate\`.`);
    else writeFileSync(join(repositoryRoot, path), current);
  }
  for (const name of Object.keys(generators).filter((one) => !used.has(one))) {
    problems.push(`No document has the section \`<!-- generated: ${name} -->\` … \`<!-- /generated -->\`.`);
  }
  for (const problem of problems) console.error(problem);
  process.exitCode = problems.length > 0 ? 1 : 0;
}

function names(all: readonly string[]): string {
  return all.length === 0 ? "–" : all.map((name) => `\`${name}\``).join(", ");
}

/** A Markdown table with aligned columns, as the formatter leaves it. */
function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const cells = [head, ...rows].map((row) => row.map((cell) => cell.replaceAll("|", "\\|")));
  const widths = head.map((_, column) => Math.max(3, ...cells.map((row) => (row[column] ?? "").length)));
  const line = (row: readonly string[], filler = " ") =>
    `| ${row.map((cell, column) => cell.padEnd(widths[column] ?? 0, filler)).join(" | ")} |`;
  const [first = [], ...rest] = cells;
  return [
    line(first),
    line(
      head.map(() => ""),
      "-",
    ),
    ...rest.map((row) => line(row)),
  ].join("\n");
}

main();
