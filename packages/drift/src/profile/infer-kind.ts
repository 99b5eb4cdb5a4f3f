import { isNumberArray, toNumber } from "./numeric-column-counter.ts";
import type { ColumnKind } from "./profile.ts";

const sampleSize = 1_000;

/**
 * What a column holds, from its first thousand values that are not missing: the kind of most of
 * them. Texts are `text` where most differ and they have 20 characters or more on average, else
 * `categorical`. Without any value, `numeric`.
 */
export function inferKind(values: ArrayLike<unknown>): ColumnKind {
  if (isNumberArray(values)) return "numeric";
  const sample: unknown[] = [];
  for (let row = 0; row < values.length && sample.length < sampleSize; row += 1) {
    const value = values[row];
    if (value !== null && value !== undefined) sample.push(value);
  }
  const counts = new Map<ColumnKind, number>();
  for (const value of sample) {
    const kind = kindOf(value);
    if (kind !== undefined) counts.set(kind, (counts.get(kind) ?? 0) + 1);
  }
  const [most = "numeric"] = [...counts].sort((left, right) => right[1] - left[1]).map(([kind]) => kind);
  return most === "categorical" && isText(sample) ? "text" : most;
}

function kindOf(value: unknown): ColumnKind | undefined {
  if (typeof value === "boolean") return "boolean";
  if (typeof value === "string") return "categorical";
  if (value instanceof Date) return "datetime";
  if (toNumber(value) !== undefined) return "numeric";
  return Array.isArray(value) || ArrayBuffer.isView(value) ? "embedding" : undefined;
}

function isText(sample: readonly unknown[]): boolean {
  const texts = sample.filter((value) => typeof value === "string");
  const length = texts.reduce((sum, text) => sum + text.length, 0);
  return length >= 20 * texts.length && new Set(texts).size > texts.length / 2;
}
