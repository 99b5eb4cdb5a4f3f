import { InvalidOptionsError, type Predictor } from "@mlops/core";

import { ProtocolError } from "./http-error.ts";

/** A predictor as the protocol needs it, whatever its types are. */
export type ServedPredictor = Pick<Predictor<never, unknown>, "info" | "health" | "predictTensors">;

/** Predictors by the name and version of their model. */
export class PredictorIndex {
  /** By model name; the first one of a name answers where no version is asked for. */
  readonly #byName = new Map<string, Map<string, ServedPredictor>>();

  /**
   * @throws InvalidOptionsError `INVALID_OPTIONS` when two have the same name and version, or one
   *   cannot be asked in tensors.
   */
  constructor(predictors: readonly ServedPredictor[]) {
    for (const predictor of predictors) {
      const { model, version } = predictor.info;
      if (predictor.predictTensors === undefined) {
        throw new InvalidOptionsError({
          option: "predictors",
          problem: `has ${JSON.stringify(model)}, which has no predictTensors(); the protocol speaks in tensors`,
        });
      }
      const versions = this.#byName.get(model) ?? new Map<string, ServedPredictor>();
      if (versions.has(version)) {
        throw new InvalidOptionsError({
          option: "predictors",
          problem: `has ${JSON.stringify(model)} version ${JSON.stringify(version)} twice`,
        });
      }
      this.#byName.set(model, versions.set(version, predictor));
    }
  }

  /** The predictor of a model, and of a version where one is named. */
  find(name: string, version: string | undefined): ServedPredictor {
    const versions = this.#versionsOf(name);
    const [first] = versions.values();
    const predictor = version === undefined ? first : versions.get(version);
    if (predictor !== undefined) return predictor;
    throw notFound(
      `The model ${JSON.stringify(name)} has no version ${JSON.stringify(version)}; it has ${list(versions.keys())}.`,
    );
  }

  /** The versions of a model, the one that answers by default first. */
  versions(name: string): string[] {
    return [...this.#versionsOf(name).keys()];
  }

  /** Whether every predictor takes requests. */
  isReady(): boolean {
    for (const versions of this.#byName.values()) {
      for (const predictor of versions.values()) {
        if (predictor.health().status !== "ready") return false;
      }
    }
    return true;
  }

  #versionsOf(name: string): ReadonlyMap<string, ServedPredictor> {
    const versions = this.#byName.get(name);
    if (versions !== undefined) return versions;
    throw notFound(`There is no model ${JSON.stringify(name)}; there is ${list(this.#byName.keys())}.`);
  }
}

function notFound(message: string): ProtocolError {
  return new ProtocolError({ status: 404, code: "NOT_FOUND", message });
}

function list(names: Iterable<string>): string {
  return [...names].map((name) => JSON.stringify(name)).join(", ") || "none";
}
