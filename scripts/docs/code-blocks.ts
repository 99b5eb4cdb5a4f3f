import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Nodes } from "mdast";
import { fromMarkdown } from "mdast-util-from-markdown";
import { listFiles, listFolders } from "../lib/files.ts";

/** A fenced code block of a Markdown file. */
export interface CodeBlock {
  readonly language: string;
  /** The words after the language: `ts continue` has the flag `continue`. */
  readonly flags: ReadonlySet<string>;
  /** The settings after the language: `ts file=price.ts` has `file` = `price.ts`. */
  readonly settings: ReadonlyMap<string, string>;
  readonly text: string;
  /** Line of the first line of the text, counted from 1. */
  readonly line: number;
  /** Number of lines between the fences. */
  readonly lineCount: number;
  /** What every line of the block starts with, where it stands in a list. */
  readonly indent: string;
  /** How many headings stand before it. */
  readonly section: number;
}

/** A Markdown file with its code blocks. */
export interface Document {
  /** Path from the root, with `/`. */
  readonly path: string;
  readonly text: string;
  readonly blocks: readonly CodeBlock[];
}

/** All documents whose code blocks are executed. */
export function findDocuments(root: string): Document[] {
  const readmes = ["packages", "examples", "tools"].flatMap((folder) =>
    listFolders(root, folder).flatMap((path) => listFiles(root, path, /^README\.md$/)),
  );
  const own = listFiles(root, ".", /^(README|CONTRIBUTING)\.md$/).filter((path) => !path.includes("/"));
  return [...own, ...readmes, ...listFiles(root, "docs", /\.md$/)].map((path) =>
    parseDocument(path, readFileSync(join(root, path), "utf8")),
  );
}

/** Reads the code blocks of a Markdown text. */
export function parseDocument(path: string, text: string): Document {
  const blocks: CodeBlock[] = [];
  let section = 0;
  const visit = (node: Nodes): void => {
    if (node.type === "heading") section += 1;
    if (node.type === "code" && node.position) {
      const { start, end } = node.position;
      const words = (node.meta ?? "").split(/\s+/).filter((word) => word !== "");
      const [settings, flags] = [
        words.filter((word) => word.includes("=")),
        words.filter((word) => !word.includes("=")),
      ];
      blocks.push({
        language: node.lang ?? "",
        flags: new Set(flags),
        settings: new Map(
          settings.map((word) => [word.slice(0, word.indexOf("=")), word.slice(word.indexOf("=") + 1)]),
        ),
        text: node.value,
        line: start.line + 1,
        lineCount: end.line - start.line - 1,
        indent: " ".repeat(start.column - 1),
        section,
      });
    }
    if ("children" in node) node.children.forEach(visit);
  };
  visit(fromMarkdown(text));
  return { path, text, blocks };
}
