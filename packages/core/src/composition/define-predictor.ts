import type { PredictorInfo, Predictor } from "../predictor/predictor.ts";
import { checkIdentifier } from "./composed-info.ts";
import { DefinedPredictor, type PredictorBehavior } from "./defined-predictor.ts";

/** What {@link definePredictor} makes a predictor of. */
export interface PredictorDefinition<Input, Output>
  extends PredictorBehavior<Input, Output>, Partial<Omit<PredictorInfo, "model" | "version" | "members">> {
  /** What it is called: letters, digits, `.`, `_`, `-` and `+`, at most 128. */
  readonly name: string;
  /** Like `name`. */
  readonly version: string;
}

/**
 * Makes a predictor of a function: a rule, a call to another service, or a composition of
 * predictors. It gives to the function what every predictor owes its callers: limits by signal and
 * deadline, typed errors, `predictMany`, observers, health and an orderly end.
 *
 * @throws InvalidOptionsError `INVALID_OPTIONS` when the name or the version is not allowed.
 *
 * @example
 * ```ts
 * const vat = definePredictor({ name: "vat", version: "1", predict: (net: number) => net * 1.19 });
 * await vat.predict(100);
 * ```
 */
export function definePredictor<Input, Output>(
  definition: PredictorDefinition<Input, Output>,
): Predictor<Input, Output> {
  const { name, version, backend = "function", device = "cpu", execution } = definition;
  const { signature, labels, card, warnings = [] } = definition;
  checkIdentifier("name", "given", name);
  checkIdentifier("version", "given", version);
  const members = definition.members?.map(({ info }) => info);
  return new DefinedPredictor(
    Object.freeze({
      model: name,
      version,
      backend,
      device,
      execution,
      signature,
      labels,
      card,
      members,
      warnings,
    }),
    definition,
  );
}
