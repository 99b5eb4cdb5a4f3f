const fromTemplate: unique symbol = Symbol("markup");

/** A piece of HTML that was written as a literal here: what came from elsewhere was escaped on its way in. */
export interface Markup {
  readonly [fromTemplate]: string;
}

/** What may stand in a piece of HTML. Texts are escaped; nothing is written for `null`. */
export type MarkupValue = Markup | string | number | null | readonly MarkupValue[];

/**
 * Builds HTML from a template, and escapes every value that is not markup itself: there is no other
 * way to make markup, so no text from data can become an element or leave an attribute. Values go
 * into text and into quoted attributes, never anywhere else. Line breaks of the template are left out.
 */
export function markup(parts: TemplateStringsArray, ...values: readonly MarkupValue[]): Markup {
  let text = "";
  for (const [index, part] of parts.entries()) {
    text += part.replace(/>\n\s*</g, "><").replace(/\n\s*/g, " ");
    if (index < values.length) text += textOf(values[index]!);
  }
  return { [fromTemplate]: text };
}

/** The HTML that a piece of markup stands for. */
export function renderMarkup(piece: Markup): string {
  return piece[fromTemplate];
}

const entities: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

function textOf(value: MarkupValue): string {
  if (value === null) return "";
  if (typeof value === "number") return String(value);
  if (typeof value === "string") return value.replace(/[&<>"']/g, (character) => entities[character]!);
  return fromTemplate in value ? value[fromTemplate] : value.map(textOf).join("");
}
