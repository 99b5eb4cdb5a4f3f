import type { DetectorUpdate, StateRecord } from "../detector.ts";
import type { Rule } from "../rule.ts";
import { loadRecord, saveRecord } from "../state-fields.ts";
import type { HddmParameters } from "./hddm-a-rule.ts";

export interface HddmWParameters extends HddmParameters {
  /** The weight of the newest value. */
  readonly lambda: number;
}

/** A fading mean, with the sum of its squared weights. */
interface Fading {
  isKnown: boolean;
  mean: number;
  bound: number;
}

const parts = ["total", "beforeRise", "afterRise", "beforeFall", "afterFall"] as const;

type Parts = Record<(typeof parts)[number], Fading>;

const fading = (): Fading => ({ isKnown: false, mean: 0, bound: 1 });

const startParts = (): Parts => ({
  total: fading(),
  beforeRise: fading(),
  afterRise: fading(),
  beforeFall: fading(),
  afterFall: fading(),
});

/** HDDM-W as in River (Frías-Blanco and others 2015): fading means, by McDiarmid's bound. */
export class HddmWRule implements Rule {
  readonly #parameters: HddmWParameters;
  #parts = startParts();
  #riseCut = Infinity;
  #fallCut = -Infinity;

  constructor(parameters: HddmWParameters) {
    this.#parameters = parameters;
  }

  reset(): void {
    this.#parts = startParts();
    this.#riseCut = Infinity;
    this.#fallCut = -Infinity;
  }

  update(value: number): DetectorUpdate {
    const { driftConfidence, warningConfidence, twoSided, lambda } = this.#parameters;
    const state = this.#parts;
    addToFading(state.total, value, lambda);
    const epsilon = mcDiarmid(state.total.bound, driftConfidence);
    if (state.total.mean + epsilon < this.#riseCut) {
      this.#riseCut = state.total.mean + epsilon;
      state.beforeRise = { ...state.total };
      state.afterRise = fading();
    } else {
      addToFading(state.afterRise, value, lambda);
    }
    if (state.total.mean - epsilon > this.#fallCut) {
      this.#fallCut = state.total.mean - epsilon;
      state.beforeFall = { ...state.total };
      state.afterFall = fading();
    } else {
      addToFading(state.afterFall, value, lambda);
    }
    let drift = isHigher(state.afterRise, state.beforeRise, driftConfidence);
    let warning = !drift && isHigher(state.afterRise, state.beforeRise, warningConfidence);
    if (twoSided) {
      if (isHigher(state.beforeFall, state.afterFall, driftConfidence)) drift = true;
      else if (isHigher(state.beforeFall, state.afterFall, warningConfidence)) warning = true;
    }
    const canTell = state.afterRise.isKnown;
    return {
      drift,
      warning: warning && !drift,
      statistic: canTell ? state.afterRise.mean - state.beforeRise.mean : undefined,
      threshold: canTell
        ? mcDiarmid(state.beforeRise.bound + state.afterRise.bound, driftConfidence)
        : undefined,
    };
  }

  save(): StateRecord {
    const saved = parts.map((name) => {
      const { isKnown, mean, bound } = this.#parts[name];
      return [name, { isKnown: isKnown ? 1 : 0, mean, bound }] as const;
    });
    return {
      ...saveRecord({ riseCut: this.#riseCut, fallCut: this.#fallCut }),
      ...Object.fromEntries(saved),
    };
  }

  load(state: StateRecord): void {
    const { riseCut, fallCut } = loadRecord(state, ["riseCut", "fallCut"]);
    const loaded = startParts();
    for (const name of parts) {
      const part = state[name];
      if (typeof part !== "object" || part === null || Array.isArray(part)) {
        throw new TypeError(`${name} is no object`);
      }
      // Not a list, as was just seen: what is left of StateValue's objects.
      const { isKnown, mean, bound } = loadRecord(part as StateRecord, ["isKnown", "mean", "bound"]);
      loaded[name] = { isKnown: isKnown === 1, mean, bound };
    }
    this.#parts = loaded;
    this.#riseCut = riseCut;
    this.#fallCut = fallCut;
  }
}

function addToFading(part: Fading, value: number, lambda: number): void {
  part.mean = part.isKnown ? lambda * value + (1 - lambda) * part.mean : value;
  part.isKnown = true;
  part.bound = lambda * lambda + (1 - lambda) ** 2 * part.bound;
}

function mcDiarmid(bound: number, confidence: number): number {
  return Math.sqrt((bound * Math.log(1 / confidence)) / 2);
}

function isHigher(higher: Fading, lower: Fading, confidence: number): boolean {
  if (!higher.isKnown || !lower.isKnown) return false;
  return higher.mean - lower.mean > mcDiarmid(higher.bound + lower.bound, confidence);
}
