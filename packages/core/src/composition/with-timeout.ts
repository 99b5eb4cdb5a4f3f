import { systemEnvironment } from "../environment.ts";
import { InvalidOptionsError } from "../errors/invalid-options-error.ts";
import type { Predictor } from "../predictor/predictor.ts";
import type { CompositionOptions } from "./composition-options.ts";
import { withinLimits } from "./within-limits.ts";
import { wrapPredictor } from "./wrap-predictor.ts";

/**
 * Gives every request a deadline: `timeoutMs` from its coming, or the caller's own if that is
 * earlier. The caller hears of it in time also when the predictor inside does not keep it.
 *
 * @param timeoutMs - Milliseconds, more than 0; `Infinity` for none.
 * @throws InvalidOptionsError `INVALID_OPTIONS` when `timeoutMs` is not more than 0.
 */
export function withTimeout<Input, Output>(
  predictor: Predictor<Input, Output>,
  timeoutMs: number,
  options: CompositionOptions = {},
): Predictor<Input, Output> {
  if (typeof timeoutMs !== "number" || !(timeoutMs > 0)) {
    throw new InvalidOptionsError({
      option: "timeoutMs",
      problem: `is ${String(timeoutMs)}; it has to be a number of milliseconds above 0`,
    });
  }
  const { environment = systemEnvironment } = options;
  return wrapPredictor(predictor, {
    ...options,
    around(run, asked) {
      const deadline = environment.now() + timeoutMs;
      if (deadline >= (asked.deadline ?? Infinity)) return run(asked);
      return withinLimits(run, { ...asked, deadline }, environment);
    },
  });
}
