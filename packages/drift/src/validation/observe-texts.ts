import type { ColumnValues } from "../profile/column-counter.ts";
import { DistinctCounter } from "./distinct-counter.ts";
import { commonFormat, type FormatName } from "./formats.ts";
import { identityOf } from "./count-column.ts";
import { codePoints } from "./value-checks.ts";

/** What single values tell and a profile does not. */
export interface TextFacts {
  /** In code points; undefined without a text. */
  readonly shortest: number | undefined;
  readonly longest: number | undefined;
  /** What all texts look like. */
  readonly format: FormatName | undefined;
  /** Whether no value came twice; undefined where that is not known exactly. */
  readonly isUnique: boolean | undefined;
}

/** Looks through a column of texts or categories. */
export function observeTexts(values: ColumnValues): TextFacts {
  const distinct = new DistinctCounter();
  const texts: string[] = [];
  let shortest: number | undefined;
  let longest: number | undefined;
  for (let row = 0; row < values.length; row += 1) {
    const value = values[row];
    if (value === null || value === undefined || typeof value === "object") continue;
    distinct.add(identityOf(typeof value === "function" || typeof value === "symbol" ? "" : value));
    if (typeof value !== "string") continue;
    texts.push(value);
    const length = codePoints(value);
    shortest = Math.min(shortest ?? length, length);
    longest = Math.max(longest ?? length, length);
  }
  const isUnique = distinct.repeated > 0 ? false : distinct.isExact ? true : undefined;
  return { shortest, longest, format: commonFormat(texts), isUnique };
}
