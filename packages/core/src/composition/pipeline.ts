import { InvalidOptionsError } from "../errors/invalid-options-error.ts";
import type { PredictOptions, Predictor, PredictorInfo } from "../predictor/predictor.ts";
import { composeInfo } from "./composed-info.ts";
import type { NamedCompositionOptions } from "./composition-options.ts";
import { DefinedPredictor } from "./defined-predictor.ts";
import { runAuthorCode } from "./typed-errors.ts";

/** One step of a pipeline: a predictor, or a function between two, which may be asynchronous. */
export type PipelineStep<Input, Output> =
  | Predictor<Input, Output>
  | ((value: Input, options: PredictOptions) => Output | Promise<Output>);

/**
 * Hands the output of each step to the next: predictors, and functions where two do not quite fit.
 * Signal, deadline and key go to each. The deadline is that of the whole.
 *
 * Up to eight steps; a longer pipeline has pipelines as steps.
 *
 * @throws InvalidOptionsError `INVALID_OPTIONS` when no step is a predictor.
 *
 * @example
 * ```ts
 * const reader = pipeline([detector, ({ box }) => crop(box), textModel]);
 * ```
 */
export function pipeline<A, B, C = B, D = C, E = D, F = E, G = F, H = G, I = H>(
  steps: readonly [
    PipelineStep<A, B>,
    PipelineStep<B, C>?,
    PipelineStep<C, D>?,
    PipelineStep<D, E>?,
    PipelineStep<E, F>?,
    PipelineStep<F, G>?,
    PipelineStep<G, H>?,
    PipelineStep<H, I>?,
  ],
  options: NamedCompositionOptions = {},
): Predictor<A, NoInfer<I>> {
  // The tuple's types have established that each step takes what the one before it gives.
  const chain = [...steps] as readonly PipelineStep<unknown, unknown>[];
  const members = chain.filter((step) => typeof step !== "function");
  const [first] = chain;
  const last = chain.at(-1);
  if (members.length === 0) {
    throw new InvalidOptionsError({ option: "steps", problem: "has to hold at least one predictor" });
  }
  const infoOf = (step: typeof first): PredictorInfo | undefined =>
    typeof step === "object" ? step.info : undefined;
  const inputs = infoOf(first)?.signature?.inputs;
  const outputs = infoOf(last)?.signature?.outputs;
  const signature = inputs && outputs && Object.freeze({ inputs, outputs });
  const infos = members.map((member) => member.info);
  const info = composeInfo(infos, options, { signature, labels: infoOf(last)?.labels });
  return new DefinedPredictor<A, I>(info, {
    ...options,
    members,
    async predict(input, limits) {
      let value: unknown = input;
      for (const [index, step] of chain.entries()) {
        limits.signal?.throwIfAborted();
        const given = value;
        value = await (typeof step === "function"
          ? runAuthorCode(
              info.model,
              step.name || `step ${index + 1}`,
              () => step(given, limits),
              limits.signal,
            )
          : step.predict(given, limits));
      }
      return value as I;
    },
  });
}
