import { checkFiniteValues, type Numbers } from "../arguments/check-sample.ts";
import { ExactAccumulator } from "../summaries/exact-accumulator.ts";

/**
 * The sum of finite numbers, rounded once: `sum([1e16, 1, -1e16])` is 1, where a loop gives 0. The order
 * makes no difference, not even in the last bit. Agrees with Python's `math.fsum`.
 *
 * For a stream, or parts that are summed elsewhere, use {@link ExactAccumulator}, which this rests on.
 *
 * @throws {@link InvalidArgumentError} for a value that is not finite.
 */
export function sum(values: Numbers): number {
  checkFiniteValues("values", values, 0);
  const total = new ExactAccumulator();
  for (let index = 0; index < values.length; index += 1) total.add(values[index] ?? 0);
  return total.value;
}

/** The mean of at least one finite number, from their exact sum. */
export function mean(values: Numbers): number {
  checkFiniteValues("values", values);
  return sum(values) / values.length;
}
