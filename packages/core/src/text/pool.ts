import { InvalidInputError } from "../errors/invalid-input-error.ts";
import { toNumbers } from "./to-numbers.ts";
import type { Tensor } from "../tensor/tensor.ts";

/**
 * How one vector is made of a text's tokens.
 *
 * - `mean`: the mean of the tokens that count, as sentence transformers do.
 * - `max`: the largest of them in each component.
 * - `first`: that of the first token, BERT's `[CLS]`.
 * - `last`: that of the last token that counts.
 */
export type Pooling = "mean" | "max" | "first" | "last";

/**
 * Makes one vector for each text of its tokens' vectors.
 *
 * @param hidden - The vectors, `[texts, tokens, size]`.
 * @param mask - Which tokens count, `[texts, tokens]`, 1 or 0. Default all.
 * @returns A vector of `size` for each text. The mean over no token at all is 0 everywhere, the
 *   maximum -Infinity.
 * @throws InvalidInputError `INVALID_INPUT` when the shapes do not fit.
 *
 * @example
 * ```ts
 * const [vector] = pool(lastHiddenState, "mean", attentionMask);
 * ```
 */
export function pool(hidden: Tensor, pooling: Pooling, mask?: Tensor): Float32Array<ArrayBuffer>[] {
  const [texts, tokens, size] = hidden.shape;
  if (texts === undefined || tokens === undefined || size === undefined || hidden.shape.length !== 3) {
    throw misfit("hidden", `has the shape [${hidden.shape.join(", ")}] instead of [texts, tokens, size]`);
  }
  if (
    mask !== undefined &&
    (mask.shape.length !== 2 || mask.shape[0] !== texts || mask.shape[1] !== tokens)
  ) {
    throw misfit("mask", `has the shape [${mask.shape.join(", ")}] instead of [${texts}, ${tokens}]`);
  }
  const values = toNumbers(hidden);
  const weights = mask && toNumbers(mask);
  return Array.from({ length: texts }, (_, text) => {
    const counted: number[] = [];
    for (let token = 0; token < tokens; token += 1) {
      if (weights === undefined || weights[text * tokens + token] !== 0) counted.push(token);
    }
    const places = placesOf(pooling, counted);
    const vector = new Float32Array(size);
    for (let component = 0; component < size; component += 1) {
      let result = pooling === "max" ? -Infinity : 0;
      for (const token of places) {
        const value = values[(text * tokens + token) * size + component]!;
        result = pooling === "max" ? Math.max(result, value) : result + value;
      }
      vector[component] = pooling === "mean" ? result / Math.max(places.length, 1) : result;
    }
    return vector;
  });
}

function placesOf(pooling: Pooling, counted: readonly number[]): readonly number[] {
  if (pooling === "first") return counted.slice(0, 1);
  return pooling === "last" ? counted.slice(-1) : counted;
}

/** The vector of length 1 in the same direction; a vector of zeros stays one. */
export function normalize(vector: Float32Array): Float32Array<ArrayBuffer> {
  let squares = 0;
  for (const value of vector) squares += value * value;
  // As PyTorch's normalize(), whose least length is 1e-12.
  const length = Math.max(Math.sqrt(squares), 1e-12);
  return Float32Array.from(vector, (value) => value / length);
}

function misfit(name: string, message: string): InvalidInputError {
  return new InvalidInputError({ issues: [{ path: [name], message }] });
}
