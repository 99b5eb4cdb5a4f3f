/**
 * Characters that a reader cannot see, or that change how the text around them is shown: controls,
 * zero-width and bidirectional marks, line separators, tags, and halves of surrogate pairs. The
 * joiner U+200D stays, for emoji are made with it.
 */
const unseen =
  /[\p{Control}\p{Surrogate}\p{Line_Separator}\p{Paragraph_Separator}\u00ad\u061c\u180e\u200b\u200c\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\u{e0000}-\u{e007f}]/gu;

/**
 * Text from data as it can safely be shown, on a page or in a terminal: what cannot be seen is
 * written as its code (`\u{202e}`), and what is too long is cut.
 *
 * @param limit - At most so many code points; the rest is counted: "… (+120)".
 */
export function visibleText(text: string, limit = 120): string {
  const points = Array.from(text);
  const shown = points.slice(0, limit).join("").replace(unseen, writeOut);
  return points.length > limit ? `${shown}… (+${points.length - limit})` : shown;
}

/** A name that may be empty. */
export function visibleName(name: string): string {
  return name.trim() === "" ? JSON.stringify(visibleText(name)) : visibleText(name);
}

function writeOut(character: string): string {
  if (character === "\n") return "\\n";
  if (character === "\t") return "\\t";
  return `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`;
}
