import type { Attributes } from "../cohort/attributes.ts";

/** What stands in for a key that is absent; it cannot be mistaken for another's key. */
export function fallbackKey(attribute: string, attributes: Attributes): string | undefined {
  const value = Object.hasOwn(attributes, attribute) ? attributes[attribute] : undefined;
  return value === undefined ? undefined : `${attribute}=${String(value)}`;
}
