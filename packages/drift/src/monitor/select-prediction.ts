import { InvalidDriftOptionsError } from "../errors/invalid-drift-options-error.ts";
import type { ProfileRow } from "../profile/profile-data.ts";
import type { ObservedPrediction } from "./observed-prediction.ts";

/** Options of {@link selectPrediction}. */
export interface SelectPredictionOptions {
  /** The prediction in the output; by default the output itself. */
  readonly of?: (output: unknown) => unknown;
  /** Names of the classes, in the order of the probabilities. By default their places, from "0". */
  readonly labels?: readonly string[];
}

/**
 * A `select` that watches what a model predicts:
 *
 * | prediction | row |
 * | --- | --- |
 * | a text or a boolean, so a class | `class` |
 * | a number, so a score | `score` |
 * | a list of numbers, so probabilities | `class` of the largest, `confidence` in it, and `probability:<label>` of each |
 *
 * Failed requests, and predictions of any other shape, are passed over. Profile the reference's rows with
 * the same function, by {@link predictionRow}.
 *
 * @throws InvalidDriftOptionsError `INVALID_DRIFT_OPTIONS` for labels that are not different texts.
 */
export function selectPrediction(
  options: SelectPredictionOptions = {},
): (event: ObservedPrediction) => ProfileRow | undefined {
  const { of = (output: unknown) => output, labels } = options;
  if (labels !== undefined && new Set(labels).size !== labels.length) {
    throw new InvalidDriftOptionsError({
      option: "labels",
      problem: "has one label twice",
      remedy: "Pass a different label for each class.",
    });
  }
  return (event) => (event.outcome === "success" ? predictionRow(of(event.output), labels) : undefined);
}

/** The row of one prediction; see {@link selectPrediction}. `undefined` for another shape. */
export function predictionRow(prediction: unknown, labels?: readonly string[]): ProfileRow | undefined {
  if (typeof prediction === "string" || typeof prediction === "boolean") return { class: String(prediction) };
  if (typeof prediction === "number") return { score: prediction };
  const probabilities = numbersOf(prediction);
  if (probabilities === undefined) return undefined;
  if (labels !== undefined && labels.length !== probabilities.length) return undefined;
  let largest = 0;
  for (let index = 1; index < probabilities.length; index += 1) {
    if (probabilities[index]! > probabilities[largest]!) largest = index;
  }
  const labelOf = (index: number): string => labels?.[index] ?? String(index);
  const entries = Array.from(
    probabilities,
    (value, index) => [`probability:${labelOf(index)}`, value] as const,
  );
  return { class: labelOf(largest), confidence: probabilities[largest], ...Object.fromEntries(entries) };
}

function numbersOf(value: unknown): ArrayLike<number> | undefined {
  if (!Array.isArray(value) && !(ArrayBuffer.isView(value) && !(value instanceof DataView))) return undefined;
  // An array or a typed array: it has a length, and what it holds is checked.
  const list = value as ArrayLike<unknown>;
  if (list.length === 0) return undefined;
  for (let index = 0; index < list.length; index += 1) if (typeof list[index] !== "number") return undefined;
  return list as ArrayLike<number>;
}
