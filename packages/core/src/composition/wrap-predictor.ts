import type { PredictOptions, Predictor } from "../predictor/predictor.ts";
import type { CompositionOptions } from "./composition-options.ts";
import { DefinedPredictor } from "./defined-predictor.ts";

/**
 * What happens around each request, whichever way it comes. `run` asks the predictor inside, not
 * at all, once or several times.
 */
export type Around = <Answer, Options extends PredictOptions>(
  run: (options: Options) => Promise<Answer>,
  options: Options,
) => Promise<Answer>;

/** Options of {@link wrapPredictor}. */
export interface WrapPredictorOptions extends CompositionOptions {
  readonly around: Around;
}

/**
 * Puts something around every request of a predictor: retries, a limit, a measurement. The result
 * is like the predictor in everything else, its info and `predictTensors` included.
 *
 * @example
 * ```ts
 * const patient = wrapPredictor(predictor, {
 *   around: (run, options) => run({ ...options, deadline: Date.now() + 5_000 }),
 * });
 * ```
 */
export function wrapPredictor<Input, Output>(
  predictor: Predictor<Input, Output>,
  { around, ...options }: WrapPredictorOptions,
): Predictor<Input, Output> {
  const inTensors = predictor.predictTensors?.bind(predictor);
  return new DefinedPredictor<Input, Output>(predictor.info, {
    ...options,
    members: [predictor],
    predict: (input, asked) => around((passed) => predictor.predict(input, passed), asked),
    predictTensors: inTensors && ((tensors, asked) => around((passed) => inTensors(tensors, passed), asked)),
  });
}
