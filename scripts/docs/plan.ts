import type { CodeBlock, Document } from "./code-blocks.ts";

/** Something in a document that is executed, with what it is expected to print. */
export interface Step {
  /**
   * - `program`: TypeScript that is run.
   * - `server`: TypeScript that is started and answers the commands below it.
   * - `commands`: the lines of a shell block.
   */
  readonly kind: "program" | "server" | "commands";
  /** The block, and for a program the blocks that continue it. */
  readonly blocks: readonly CodeBlock[];
  /** The `text` and `json` blocks below, that show what is printed. */
  readonly outputs: readonly CodeBlock[];
}

/** What is to be done with a document. */
export interface Plan {
  readonly document: Document;
  readonly steps: readonly Step[];
  /** Blocks that are written to a file, by name. */
  readonly files: ReadonlyMap<string, CodeBlock>;
  /** Files of the repository that are copied beside the programs. */
  readonly copies: ReadonlySet<string>;
  /** Blocks that nobody knows what to do with. */
  readonly problems: readonly string[];
}

const knownWords: Readonly<Record<string, readonly string[]>> = {
  ts: ["continue", "serve", "file", "with"],
  sh: [],
  text: ["picture"],
  json: ["picture", "file", "volatile"],
  mermaid: [],
  md: [],
};

/** Sorts the blocks of a document into what is executed, what is output, and what is a picture. */
export function planDocument(document: Document): Plan {
  const steps: { kind: Step["kind"]; blocks: CodeBlock[]; outputs: CodeBlock[] }[] = [];
  const files = new Map<string, CodeBlock>();
  const copies = new Set<string>();
  const problems: string[] = [];
  let previous: CodeBlock | undefined;

  for (const block of document.blocks) {
    const report = (problem: string) => problems.push(`${document.path}:${block.line - 1}: ${problem}`);
    const step = steps.at(-1);
    const copied = block.settings.get("with");
    if (copied) copied.split(",").forEach((path) => copies.add(path));
    const file = block.settings.get("file");

    for (const problem of unknownWords(block)) report(problem);
    if (file) {
      if (files.has(file)) report(`a second block says file=${file}.`);
      files.set(file, block);
    } else if (block.language === "ts" && block.flags.has("continue")) {
      const program = steps.findLast(({ kind }) => kind !== "commands");
      if (program) program.blocks.push(block);
      else report("`continue` has no program above it.");
    } else if (block.language === "ts") {
      steps.push({ kind: block.flags.has("serve") ? "server" : "program", blocks: [block], outputs: [] });
    } else if (block.language === "sh") {
      steps.push({ kind: "commands", blocks: [block], outputs: [] });
    } else if (isOutput(block, previous)) {
      step?.outputs.push(block);
    }
    if (block.language === "json") for (const problem of jsonProblems(block)) report(problem);
    if (!file) previous = block;
  }
  return { document, steps, files, copies, problems };
}

/** A `text` or `json` block belongs to the program or commands right above it, with no heading between them. */
function isOutput(block: CodeBlock, previous: CodeBlock | undefined): boolean {
  if (block.language !== "text" && block.language !== "json") return false;
  if (block.flags.has("picture") || previous?.section !== block.section) return false;
  return previous.language === "ts" || previous.language === "sh";
}

function unknownWords({ language, flags, settings }: CodeBlock): string[] {
  const known = knownWords[language];
  if (!known) {
    const languages = Object.keys(knownWords).join(", ");
    return [`a code block is one of ${languages}; this one says ${language ? `"${language}"` : "nothing"}.`];
  }
  return [...flags, ...settings.keys()]
    .filter((word) => !known.includes(word))
    .map((word) => `\`${language}\` does not know "${word}".`);
}

function jsonProblems({ text }: CodeBlock): string[] {
  try {
    JSON.parse(text);
    return [];
  } catch (error) {
    return [`this is no JSON: ${String(error)}`];
  }
}
