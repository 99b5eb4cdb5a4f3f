/** The name of something that texts may look like. */
export type FormatName =
  | "integer"
  | "decimal"
  | "date"
  | "date-time"
  | "uuid"
  | "email"
  | "url"
  | "ipv4-address";

/**
 * What texts may look like. Each takes time linear in the length: no two neighbouring repetitions can
 * match the same character, and lengths are bounded.
 */
const sources: Readonly<Record<FormatName, string>> = {
  integer: String.raw`[+-]?\d{1,400}`,
  decimal: String.raw`[+-]?\d{1,400}(?:\.\d{1,400})?(?:[eE][+-]?\d{1,4})?`,
  date: String.raw`\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])`,
  "date-time": String.raw`\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])[Tt ](?:[01]\d|2[0-3]):[0-5]\d(?::[0-5]\d(?:\.\d{1,9})?)?(?:[Zz]|[+-](?:[01]\d|2[0-3]):?[0-5]\d)?`,
  uuid: "[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}",
  email: String.raw`[^\s@"<>(),:;\\\[\]]{1,64}@[A-Za-z0-9\-]{1,63}(?:\.[A-Za-z0-9\-]{1,63}){1,8}`,
  url: String.raw`[Hh][Tt][Tt][Pp][Ss]?:\/\/[^\s\/?#]{1,255}(?:[\/?#][^\s]{0,4000})?`,
  "ipv4-address": String.raw`(?:(?:25[0-5]|2[0-4]\d|1?\d?\d)\.){3}(?:25[0-5]|2[0-4]\d|1?\d?\d)`,
};

/** All names, the narrowest first: an integer is a decimal, too. */
export const formatNames: readonly FormatName[] = [
  "uuid",
  "date",
  "date-time",
  "ipv4-address",
  "integer",
  "decimal",
  "email",
  "url",
];

/** The source of the regular expression of a format; a whole text has to match it. */
export function formatSource(format: FormatName): string {
  return sources[format];
}

/** A source as an expression that matches whole texts. */
export function wholeText(source: string): RegExp {
  return new RegExp(`^(?:${source})$`, "u");
}

/** The narrowest format that all texts have; undefined for none, or without a text. */
export function commonFormat(texts: Iterable<string>): FormatName | undefined {
  let candidates = formatNames.map((name) => ({ name, expression: wholeText(sources[name]) }));
  let count = 0;
  for (const text of texts) {
    count += 1;
    candidates = candidates.filter(({ expression }) => expression.test(text));
    if (candidates.length === 0) return undefined;
  }
  return count === 0 ? undefined : candidates[0]?.name;
}
