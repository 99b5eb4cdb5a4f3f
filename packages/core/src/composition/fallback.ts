import { systemEnvironment } from "../environment.ts";
import { InvalidOptionsError } from "../errors/invalid-options-error.ts";
import type { MlopsError } from "../errors/mlops-error.ts";
import type { PredictOptions, Predictor } from "../predictor/predictor.ts";
import { composeInfo } from "./composed-info.ts";
import type { NamedCompositionOptions } from "./composition-options.ts";
import { DefinedPredictor } from "./defined-predictor.ts";
import { findErrorCodeInfo, runAuthorCode, toTypedError } from "./typed-errors.ts";
import { withEarlierErrors } from "./with-earlier-errors.ts";

/** Options of {@link fallback}. */
export interface FallbackOptions extends NamedCompositionOptions {
  /**
   * Whether an error is one to ask the next predictor for. Default every error that is not the
   * caller's own fault: those that `errorCodes` does not say concern the caller.
   */
  readonly when?: ((error: MlopsError) => boolean | Promise<boolean>) | undefined;
}

/**
 * Asks the first predictor, and where that fails the next, down to the last. The last error is
 * thrown, with those before it in its `cause`. Once the caller has aborted or the deadline has
 * passed no other predictor is asked.
 *
 * It is called what the first predictor is called, unless the options say otherwise. It is ready
 * while one of them is.
 *
 * @throws InvalidOptionsError `INVALID_OPTIONS` when there are no predictors.
 */
export function fallback<Input, Output>(
  predictors: readonly Predictor<Input, Output>[],
  options: FallbackOptions = {},
): Predictor<Input, Output> {
  const members = [...predictors];
  const [primary] = members;
  if (primary === undefined) {
    throw new InvalidOptionsError({ option: "predictors", problem: "has to hold at least one predictor" });
  }
  const { when = isNotTheCallersFault, environment = systemEnvironment } = options;
  const { name = primary.info.model, version = primary.info.version } = options;
  const infos = members.map((member) => member.info);
  const info = composeInfo(infos, { name, version }, primary.info);

  const askInTurn = async <Answer, Options extends PredictOptions>(
    runs: readonly ((options: Options) => Promise<Answer>)[],
    limits: Options,
  ): Promise<Answer> => {
    const { signal, deadline = Infinity } = limits;
    const errors: MlopsError[] = [];
    for (const [index, run] of runs.entries()) {
      try {
        return await run(limits);
      } catch (cause) {
        const error = toTypedError(cause, members[index]!.info.backend, signal);
        const isLast = index === runs.length - 1;
        const isOver = (): boolean => signal?.aborted === true || environment.now() >= deadline;
        const goesOn = !isLast && !isOver() && (await runAuthorCode(info.model, "when", () => when(error)));
        if (!goesOn || isOver()) throw withEarlierErrors(error, errors);
        errors.push(error);
      }
    }
    // There is at least one, and the last one returns or throws.
    throw new Error("unreachable");
  };

  const inTensors = members.flatMap((member) => member.predictTensors?.bind(member) ?? []);
  return new DefinedPredictor<Input, Output>(info, {
    ...options,
    members,
    requiredMembers: 1,
    predict: (input, limits) =>
      askInTurn(
        members.map((member) => (passed: PredictOptions) => member.predict(input, passed)),
        limits,
      ),
    predictTensors:
      inTensors.length < members.length
        ? undefined
        : (tensors, limits) =>
            askInTurn(
              inTensors.map((run) => (passed: typeof limits) => run(tensors, passed)),
              limits,
            ),
  });
}

function isNotTheCallersFault(error: MlopsError): boolean {
  return findErrorCodeInfo(error)?.concerns !== "caller";
}
