import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { repositoryRoot } from "../lib/repository.ts";
import { temporaryFolder } from "../test/temporary-folder.ts";
import { parseDocument } from "./code-blocks.ts";
import { commandLines } from "./commands.ts";
import { DocumentExecution } from "./execute.ts";
import { applyEdits } from "./expected-output.ts";
import { planDocument } from "./plan.ts";
import { missingCopies, typeErrors, writePrograms } from "./workspace.ts";

const fence = "```";

/** Everything that is wrong with a document of this text, and the text that would be right. */
async function checkText(text: string) {
  const cache = temporaryFolder(join(repositoryRoot, ".cache"));
  const document = parseDocument("guide/a.md", text.replaceAll("'''", fence));
  const plan = planDocument(document);
  writePrograms(repositoryRoot, cache, [plan]);
  const errors = await typeErrors(repositoryRoot, cache, [plan]);
  const execution = new DocumentExecution(repositoryRoot, cache, plan);
  const problems = [
    ...plan.problems,
    ...missingCopies(repositoryRoot, plan),
    ...(errors.get("guide/a.md") ?? []),
  ];
  const edits = [];
  for (const step of plan.steps) {
    try {
      const comparison = await execution.execute(step);
      edits.push(...comparison.edits);
      if (comparison.difference !== undefined) problems.push(comparison.difference);
    } catch (error) {
      problems.push(String(error));
    }
  }
  const closing = await execution.close();
  if (closing !== undefined) problems.push(closing);
  return { problems, updated: applyEdits(document.text, edits).replaceAll(fence, "'''") };
}

test("commands go on after a backslash and in quotes", () => {
  const text = `# Ask.\ncurl -s \\\n  localhost:1 -d '{ "a":\n  "it" }'\n\necho "don't" # x\nls`;
  expect(commandLines(text)).toEqual([`curl -s localhost:1 -d '{ "a":\n  "it" }'`, `echo "don't" # x`, "ls"]);
});

describe("programs", () => {
  test("their comments show what they print, and `continue` goes on with one", async () => {
    const { problems } = await checkText(
      "# A\n'''ts\nconst a = 1;\nconsole.log(a); //=> 1\n'''\nText.\n'''ts continue\nconsole.log(a + 1);\n//=> 2\n'''\n",
    );
    expect(problems).toEqual([]);
  });

  test("a wrong comment is reported and can be updated", async () => {
    const { problems, updated } = await checkText("- x\n\n  '''ts\n  console.log(1 + 1); //=> 3\n  '''\n");
    expect(problems).toEqual([expect.stringContaining("prints\n    2\nbut the document shows\n    3")]);
    expect(updated).toBe("- x\n\n  '''ts\n  console.log(1 + 1); //=> 2\n  '''\n");
  });

  test.each([
    ["a line that is not shown", "'''ts\nconsole.log(1);\n'''", "but the document shows\n    (nothing)"],
    [
      "a line that is not printed",
      "'''ts\nif (Date.now() < 0) console.log(1);\n//=> 1\n'''",
      "prints\n    (nothing)",
    ],
    ["a type error", "text\n\n'''ts\nconst a: number = 'x';\n'''", "guide/a.md:4: error TS2322"],
    ["an exception", "'''ts\nthrow new Error('no');\n'''", "line-2.ts:2"],
    ["something on standard error", "'''ts\nconsole.error('hm');\n'''", "writes to standard error:\nhm"],
    ["a `continue` of nothing", "'''ts continue\n1;\n'''", "`continue` has no program above it"],
    ["an unknown word", "'''ts no-run\n1;\n'''", '`ts` does not know "no-run"'],
    ["an unknown language", "'''js\n1;\n'''", 'this one says "js"'],
    ["no language", "'''\n1;\n'''", "this one says nothing"],
    [
      "a file that is not there",
      "'''ts with=gone/model.onnx\n1;\n'''",
      "needs gone/model.onnx, which does not exist",
    ],
    ["broken JSON", "'''json\n{ a: 1 }\n'''", "this is no JSON"],
    ["an unknown command", "'''sh\nrm -rf build\n'''", "`rm -rf build` is not in the table"],
    ["a request without a server", "'''sh\ncurl http://localhost:8080/\n'''", "has no server above it"],
  ])("%s is reported", async (_name, text, problem) => {
    const { problems } = await checkText(text);
    expect(problems.join("\n")).toContain(problem);
  });

  test("a block can be a file of its own, which others import", async () => {
    const { problems } = await checkText(
      "'''ts file=price.ts\nexport const price: number = 2;\n'''\n'''ts\nimport { price } from './price.ts';\nconsole.log(price);\n'''\n'''text\n2\n'''\n",
    );
    expect(problems).toEqual([]);
  });

  test("`…` stands for anything in a line", async () => {
    const { problems } = await checkText(
      "'''ts\nconsole.log(`took ${performance.now()} ms`); //=> took … ms\n'''",
    );
    expect(problems).toEqual([]);
  });

  test("a block after the next heading is a picture", async () => {
    const { problems } = await checkText("'''ts\nconst a = 1;\n'''\n# Picture\n'''text\na -> b\n'''\n");
    expect(problems).toEqual([]);
  });
});

describe("servers", () => {
  const server = `'''ts serve
import { createServer } from "node:http";
const server = createServer((_request, response) => response.end(JSON.stringify({ id: "a", ms: performance.now() })));
server.listen(8080, () => console.log("Listening on http://localhost:8080")); //=> Listening on http://localhost:8080
process.once("SIGTERM", () => server.close());
'''\n`;

  test("answer the commands below them", async () => {
    const { problems } = await checkText(
      `${server}'''sh\n# Ask it.\ncurl -s \\\n  http://localhost:8080/\n'''\n'''json volatile=ms\n{ "id": "a", "ms": 3 }\n'''\n`,
    );
    expect(problems).toEqual([]);
  });

  test("an answer that differs is reported and can be updated", async () => {
    const { problems, updated } = await checkText(
      `${server}'''sh\ncurl -s http://localhost:8080/\n'''\n'''json volatile=ms\n{ "id": "b", "ms": 3 }\n'''\n`,
    );
    expect(problems).toEqual([expect.stringContaining('"id": "b"')]);
    expect(updated).toContain(`'''json volatile=ms\n{\n  "id": "a",\n  "ms": 3\n}\n'''`);
  });

  test("one that does not end cleanly on SIGTERM is reported", async () => {
    const { problems } = await checkText(server.replace("server.close()", "process.exit(3)"));
    expect(problems).toEqual(["After SIGTERM the server ended with 3."]);
  });
});
