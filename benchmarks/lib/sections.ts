import { readFile, writeFile } from "node:fs/promises";

/**
 * Writes one section of a Markdown file that several programs write, between `<!-- name -->` and
 * `<!-- /name -->`; at the end where there is none yet. The rest stays as it is.
 */
export async function writeSection(file: URL, name: string, content: string): Promise<void> {
  const text = await readFile(file, "utf8");
  await writeFile(file, replaceSection(text, name, content));
}

/** A text with one section replaced. */
export function replaceSection(text: string, name: string, content: string): string {
  const [open, close] = [`<!-- ${name} -->`, `<!-- /${name} -->`];
  const section = `${open}\n\n${content.trim()}\n\n${close}\n`;
  const [start, end] = [text.indexOf(open), text.indexOf(close)];
  if (start < 0 || end < start) return `${text.trimEnd()}\n\n${section}`;
  return text.slice(0, start) + section + text.slice(end + close.length).replace(/^\n/, "");
}

/** The section with its markers; nothing where there is none. */
export function sectionOf(text: string, name: string): string {
  const [open, close] = [`<!-- ${name} -->`, `<!-- /${name} -->`];
  const [start, end] = [text.indexOf(open), text.indexOf(close)];
  return start < 0 || end < start ? "" : `${text.slice(start, end + close.length)}\n`;
}
