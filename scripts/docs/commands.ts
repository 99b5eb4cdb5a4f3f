/**
 * Every line that a shell block may contain, and what proves that it works.
 *
 * - `start`: the script of the root's package.json is started as a server.
 * - `run`: executed beside the document's programs, with the port of the server that was started last above it.
 * - `script`: a script of the root's package.json, which has to exist.
 * - `elsewhere`: executed by `file`, in which `text` has to occur.
 */
export type KnownCommand = { readonly line: RegExp } & (
  | { readonly by: "start"; readonly script: string }
  | { readonly by: "run" }
  | { readonly by: "script"; readonly script: string }
  | { readonly by: "elsewhere"; readonly file: string; readonly text: string }
);

const published = "@mlops/(core|stats|drift|rollout|backend-onnx|backend-tfjs|server)";

/** The table. A line that matches nothing fails, and so does an entry that matches no line of any document. */
export const knownCommands: readonly KnownCommand[] = [
  { line: /^npx pnpm@12 start$/, by: "start", script: "start" },
  { line: /^npx pnpm@12 example:browser$/, by: "start", script: "example:browser" },
  { line: /^npx pnpm@12 test$/, by: "elsewhere", file: ".ci/run", text: "npx -y pnpm@12 test" },
  { line: /^npx pnpm@12 check$/, by: "script", script: "check" },
  {
    line: new RegExp(
      `^npm install ${published}( (${published}|onnxruntime-(node|web)|@tensorflow/tfjs-[a-z-]+|fastify|zod))*$`,
    ),
    by: "elsewhere",
    file: "scripts/packages/consumer.ts",
    text: `runOrThrow("npm", ["install"`,
  },
  {
    line: /^node --conditions=@mlops\/source examples\/device-price\/train\.ts --data devices\.csv$/,
    by: "elsewhere",
    file: "examples/device-price/train/command-line.test.ts",
    text: "../train.ts",
  },
  { line: /^npx pnpm@12 onnx:cases$/, by: "elsewhere", file: ".ci/run", text: "npx -y pnpm@12 onnx:cases" },
  { line: /^npx pnpm@12 onnx:conformance( --update)?$/, by: "script", script: "onnx:conformance" },
  { line: /^npx pnpm@12 docs:generate$/, by: "script", script: "docs:generate" },
  {
    line: /^ONNXRUNTIME_NODE_INSTALL=skip npm install onnxruntime-node$/,
    by: "elsewhere",
    file: "scripts/packages/consumer.ts",
    text: `ONNXRUNTIME_NODE_INSTALL: "skip"`,
  },
  {
    line: /^apt-get install( (chromium|libvulkan1|libonnx-testdata|python3-venv))+$/,
    by: "elsewhere",
    file: ".ci/run",
    text: "missing+=(libonnx-testdata)",
  },
  {
    line: /^export VK_DRIVER_FILES=\S+ VK_ICD_FILENAMES=\$VK_DRIVER_FILES$/,
    by: "elsewhere",
    file: "scripts/test/use-vulkan-driver.ts",
    text: `process.env["VK_DRIVER_FILES"]`,
  },
  {
    line: /^npx mlops-onnx-slim( --platform [a-z0-9-]+ --write)?$/,
    by: "elsewhere",
    file: "packages/backend-onnx/src/slim.test.ts",
    text: "--platform",
  },
  { line: /^curl /, by: "run" },
];

/** The first entry for a line. */
export function findKnownCommand(line: string): KnownCommand | undefined {
  return knownCommands.find((command) => command.line.test(line));
}

/** The commands of a shell block. Comments and empty lines are left out; `\` or an open quote continues a line. */
export function commandLines(text: string): string[] {
  const commands: string[] = [];
  let open = "";
  for (const line of text.replace(/\\\n\s*/g, "").split("\n")) {
    if (open === "" && (line.trim() === "" || line.trimStart().startsWith("#"))) continue;
    open += open === "" ? line.trim() : `\n${line}`;
    if (hasOpenQuote(open)) continue;
    commands.push(open);
    open = "";
  }
  return open === "" ? commands : [...commands, open];
}

function hasOpenQuote(command: string): boolean {
  return /["']/.test(command.replace(/'[^']*'|"(?:[^"\\]|\\.)*"/g, ""));
}
