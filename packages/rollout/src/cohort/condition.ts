import type { AttributeValue } from "./attributes.ts";

/**
 * Who belongs to a cohort, as data.
 *
 * An attribute that holds several values fits where one of them does. One that is absent fits
 * nothing but `isAbsent`, and so what `not` makes of the rest. Types are not converted: the text
 * `"5"` is not the number 5.
 */
export type Condition =
  | { readonly attribute: string; readonly isOneOf: readonly AttributeValue[] }
  | { readonly attribute: string; readonly isAbsent: true }
  | { readonly attribute: string; readonly startsWith: string }
  | { readonly attribute: string; readonly endsWith: string }
  | { readonly attribute: string; readonly contains: string }
  /** A number of at least this. */
  | { readonly attribute: string; readonly atLeast: number }
  /** A number less than this. */
  | { readonly attribute: string; readonly below: number }
  /** A version of at least this, in the order of https://semver.org. */
  | { readonly attribute: string; readonly fromVersion: string }
  /** A version before this. */
  | { readonly attribute: string; readonly beforeVersion: string }
  /** One of these users, by the request's key. */
  | { readonly keys: readonly string[] }
  | { readonly all: readonly Condition[] }
  | { readonly any: readonly Condition[] }
  | { readonly not: Condition };
