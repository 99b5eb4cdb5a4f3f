import type { DriftResult } from "../verdict/drift-result.ts";
import { checkResult } from "./check-result.ts";

/**
 * A drift result as JSON, every figure in full: `JSON.parse` gives an equal result, which `toHtml` and
 * `toText` take.
 *
 * No `<` and no line separator of Unicode stands in it, so it can be put into a page's
 * `<script type="application/json">` as it is.
 *
 * @param space - Spaces of indentation. By default 0: one line.
 * @throws InvalidDriftOptionsError `INVALID_DRIFT_OPTIONS` for what is no result of `detectDrift`.
 */
export function toJson(result: DriftResult, { space = 0 }: { readonly space?: number } = {}): string {
  checkResult(result);
  return JSON.stringify(result, null, space).replace(
    /[<\u2028\u2029]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}
