import { InvalidDataError } from "../errors/invalid-data-error.ts";
import type { DetectorName, DetectorState, DetectorUpdate, DriftDetector } from "./detector.ts";
import type { Rule } from "./rule.ts";

/** What a detector takes: any finite number, an error (0 or 1), or a share. */
export type ValueKind = "number" | "share" | "error";

export interface RuleDetectorParts {
  readonly name: DetectorName;
  readonly options: DetectorState["options"];
  readonly values: ValueKind;
  readonly rule: Rule;
}

/** A rule as a detector. */
export class RuleDetector implements DriftDetector {
  readonly name: DetectorName;
  readonly #options: DetectorState["options"];
  readonly #values: ValueKind;
  readonly #rule: Rule;
  #count = 0;
  /** Whether the last value was a drift, so that the next one starts a new stream. */
  #restarts = false;

  constructor({ name, options, values, rule }: RuleDetectorParts) {
    this.name = name;
    this.#options = Object.freeze({ ...options });
    this.#values = values;
    this.#rule = rule;
  }

  get count(): number {
    return this.#restarts ? 0 : this.#count;
  }

  update(value: number): DetectorUpdate {
    if (!fits(value, this.#values)) this.#refuse(value);
    if (this.#restarts) this.#restart();
    this.#count += 1;
    const answer = this.#rule.update(value);
    this.#restarts = answer.drift;
    return answer;
  }

  reset(): void {
    this.#rule.reset();
    this.#count = 0;
    this.#restarts = false;
  }

  toJSON(): DetectorState {
    return {
      version: 1,
      detector: this.name,
      options: this.#options,
      rule: this.#rule.save(),
      count: this.#count,
      restarts: this.#restarts,
    };
  }

  /** Goes on where `state` was taken. */
  load({ rule, count, restarts }: Pick<DetectorState, "rule" | "count" | "restarts">): void {
    this.#rule.load(rule);
    this.#count = count;
    this.#restarts = restarts;
  }

  #restart(): void {
    if (this.#rule.restart === undefined) this.#rule.reset();
    else this.#rule.restart();
    this.#count = 0;
    this.#restarts = false;
  }

  #refuse(value: unknown): never {
    const wanted = {
      number: "a finite number, and count missing values apart",
      share: "a number from 0 to 1",
      error: "1 for an error and 0 for none",
    }[this.#values];
    throw new InvalidDataError({
      problem: `have the value ${String(value)}, which ${this.name} cannot take`,
      remedy: `Pass ${wanted}.`,
    });
  }
}

function fits(value: number, kind: ValueKind): boolean {
  if (kind === "error") return value === 0 || value === 1;
  if (kind === "share") return value >= 0 && value <= 1;
  return Number.isFinite(value);
}
