import { isDeepStrictEqual } from "node:util";
import type { CodeBlock } from "./code-blocks.ts";
import type { Step } from "./plan.ts";

const comment = /^(.*\/\/=>) ?(.*)$/;

/** New text for some lines of a document. */
export interface Edit {
  /** First line that is replaced, counted from 1, and how many. */
  readonly line: number;
  readonly lineCount: number;
  readonly text: readonly string[];
}

/** What a document says a step prints, held against what it printed. */
export interface Comparison {
  /** What differs; undefined when nothing does. */
  readonly difference?: string;
  /** The edits that would make the document right. Empty also when only its author can tell where the output goes. */
  readonly edits: readonly Edit[];
}

/**
 * Compares what a step printed with its `//=>` comments, or with the block below it.
 *
 * `…` in a comment or a `text` block stands for any characters of that line.
 * In `json volatile=a,b` the values of the members a and b only keep their type.
 */
export function compareOutput(step: Step, printed: string): Comparison {
  const actual = withoutTrailingSpace(printed);
  const comments = step.kind === "commands" ? [] : step.blocks.flatMap(outputComments);
  if (comments.length > 0 && step.outputs.length > 0) {
    return { difference: "has `//=>` comments and a block with its output: choose one.", edits: [] };
  }
  const [output, ...more] = step.outputs;
  if (output && more.length > 0) {
    return { difference: "has more than one block with its output.", edits: [] };
  }
  if (output) return output.language === "json" ? compareJson(output, actual) : compareText(output, actual);
  return compareComments(comments, actual);
}

interface OutputComment {
  readonly line: number;
  readonly before: string;
  readonly expected: string;
}

function outputComments(block: CodeBlock): OutputComment[] {
  return block.text.split("\n").flatMap((text, index) => {
    const [, before, expected] = comment.exec(text) ?? [];
    if (before === undefined || expected === undefined) return [];
    return [{ line: block.line + index, before: block.indent + before, expected: expected.trimEnd() }];
  });
}

function compareComments(comments: readonly OutputComment[], actual: string): Comparison {
  const lines = actual === "" ? [] : actual.split("\n");
  const expected = comments.map((one) => one.expected);
  if (matchesLines(expected, lines)) return { edits: [] };
  const edits = comments.flatMap(({ line, before }, index) => {
    const text = `${before} ${lines[index] ?? ""}`.trimEnd();
    return matchesLines([expected[index] ?? ""], [lines[index] ?? ""])
      ? []
      : [{ line, lineCount: 1, text: [text] }];
  });
  return {
    difference: difference(expected.join("\n"), actual),
    edits: lines.length === comments.length ? edits : [],
  };
}

function compareText(block: CodeBlock, actual: string): Comparison {
  if (matchesLines(withoutTrailingSpace(block.text).split("\n"), actual.split("\n"))) return { edits: [] };
  return { difference: difference(block.text, actual), edits: [replaceText(block, actual)] };
}

function compareJson(block: CodeBlock, actual: string): Comparison {
  const volatile = new Set((block.settings.get("volatile") ?? "").split(","));
  const expected: unknown = JSON.parse(block.text);
  let printed: unknown;
  try {
    printed = JSON.parse(actual);
  } catch {
    return { difference: `printed no JSON:\n${actual}`, edits: [] };
  }
  const settled = keepVolatile(printed, expected, volatile);
  if (isDeepStrictEqual(settled, expected)) return { edits: [] };
  const text = JSON.stringify(settled, undefined, 2);
  return {
    difference: difference(JSON.stringify(expected, undefined, 2), text),
    edits: [replaceText(block, text)],
  };
}

/** `printed`, with the value that the document shows for every volatile member of the same type. */
function keepVolatile(printed: unknown, shown: unknown, volatile: ReadonlySet<string>): unknown {
  if (Array.isArray(printed)) {
    return printed.map((value, index) =>
      keepVolatile(value, Array.isArray(shown) ? shown[index] : undefined, volatile),
    );
  }
  if (!isObject(printed)) return printed;
  const members = Object.entries(printed).map(([name, value]) => {
    const was = isObject(shown) ? shown[name] : undefined;
    return [
      name,
      volatile.has(name) && typeof was === typeof value ? was : keepVolatile(value, was, volatile),
    ];
  });
  return Object.fromEntries(members) as unknown;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function matchesLines(expected: readonly string[], actual: readonly string[]): boolean {
  return (
    expected.length === actual.length &&
    expected.every((line, index) => linePattern(line).test(actual[index] ?? ""))
  );
}

function linePattern(line: string): RegExp {
  const literal = line.split("…").map((part) => part.replace(/[\\^$.*+?()[\]{}|]/g, "\\$&"));
  return new RegExp(`^${literal.join(".*")}$`);
}

function replaceText({ line, lineCount, indent }: CodeBlock, text: string): Edit {
  return { line, lineCount, text: text.split("\n").map((one) => (indent + one).trimEnd()) };
}

function withoutTrailingSpace(text: string): string {
  return text.replace(/[ \t]+$/gm, "").replace(/\n+$/, "");
}

function difference(expected: string, actual: string): string {
  return `prints\n${indented(actual)}\nbut the document shows\n${indented(expected)}`;
}

function indented(text: string): string {
  return text === "" ? "    (nothing)" : text.replace(/^/gm, "    ");
}

/** A document with all edits made. */
export function applyEdits(text: string, edits: readonly Edit[]): string {
  const lines = text.split("\n");
  for (const edit of edits.toSorted((a, b) => b.line - a.line)) {
    lines.splice(edit.line - 1, edit.lineCount, ...edit.text);
  }
  return lines.join("\n");
}
