import { checkOption } from "../detectors/check-options.ts";

/** What became of a prediction or a label. */
export type JoinOutcome = "joined" | "waiting" | "duplicate";

/** A prediction and its label. */
export interface JoinedRow<Value> {
  readonly id: string;
  readonly prediction: Value;
  readonly label: Value;
  /** Milliseconds from the prediction to the label; below 0 when the label came first. */
  readonly delayMs: number;
}

/** How the join went, since the start. */
export interface JoinCounts {
  readonly predictions: number;
  readonly labels: number;
  readonly joined: number;
  /** Of an id that is waiting, or was joined lately. They change nothing. */
  readonly duplicatePredictions: number;
  readonly duplicateLabels: number;
  /** Predictions that left without a label: too many, or too old. */
  readonly expiredPredictions: number;
  /** Labels that left without a prediction. */
  readonly expiredLabels: number;
}

export interface JoinLimits {
  /** Predictions, labels without a prediction, and joined ids that are kept, each; 10,000 by default. */
  readonly maximumWaiting?: number;
  /** How long each is kept, in milliseconds; 30 days by default. */
  readonly maximumAgeMs?: number;
}

/** What {@link LabelJoin.toJSON} writes. */
export interface LabelJoinState<Value> {
  readonly predictions: readonly (readonly [id: string, value: Value, timeMs: number])[];
  readonly labels: readonly (readonly [id: string, value: Value, timeMs: number])[];
  readonly joined: readonly (readonly [id: string, value: null, timeMs: number])[];
  readonly counts: JoinCounts;
}

interface Waiting<Value> {
  readonly value: Value;
  readonly timeMs: number;
}

/** Joins predictions and labels by id, in either order, in bounded memory. Nothing is lost without being counted. */
export class LabelJoin<Value> {
  readonly #maximumWaiting: number;
  readonly #maximumAgeMs: number;
  // In the order of their arrival, so that the oldest is the first.
  #predictions = new Map<string, Waiting<Value>>();
  #labels = new Map<string, Waiting<Value>>();
  #joined = new Map<string, Waiting<null>>();
  #counts: { -readonly [Name in keyof JoinCounts]: number } = {
    predictions: 0,
    labels: 0,
    joined: 0,
    duplicatePredictions: 0,
    duplicateLabels: 0,
    expiredPredictions: 0,
    expiredLabels: 0,
  };

  constructor({ maximumWaiting = 10_000, maximumAgeMs = 30 * 86_400_000 }: JoinLimits) {
    this.#maximumWaiting = checkOption("maximumWaiting", maximumWaiting, {
      minimum: 1,
      maximum: 10_000_000,
      isWhole: true,
    });
    this.#maximumAgeMs = checkOption("maximumAgeMs", maximumAgeMs, { minimum: 1, maximum: Infinity });
  }

  get counts(): JoinCounts {
    return { ...this.#counts };
  }

  /** Predictions without a label so far. */
  get waitingPredictions(): number {
    return this.#predictions.size;
  }

  get waitingLabels(): number {
    return this.#labels.size;
  }

  addPrediction(id: string, value: Value, timeMs: number): JoinedRow<Value> | JoinOutcome {
    this.expire(timeMs);
    this.#counts.predictions += 1;
    if (this.#predictions.has(id) || this.#joined.has(id)) {
      this.#counts.duplicatePredictions += 1;
      return "duplicate";
    }
    const label = this.#labels.get(id);
    if (label === undefined) {
      this.#counts.expiredPredictions += keep(this.#predictions, id, { value, timeMs }, this.#maximumWaiting);
      return "waiting";
    }
    this.#labels.delete(id);
    return this.#join(id, { value, timeMs }, label, timeMs);
  }

  addLabel(id: string, value: Value, timeMs: number): JoinedRow<Value> | JoinOutcome {
    this.expire(timeMs);
    this.#counts.labels += 1;
    if (this.#labels.has(id) || this.#joined.has(id)) {
      this.#counts.duplicateLabels += 1;
      return "duplicate";
    }
    const prediction = this.#predictions.get(id);
    if (prediction === undefined) {
      this.#counts.expiredLabels += keep(this.#labels, id, { value, timeMs }, this.#maximumWaiting);
      return "waiting";
    }
    this.#predictions.delete(id);
    return this.#join(id, prediction, { value, timeMs }, timeMs);
  }

  /** Lets go of what is too old at `timeMs`. */
  expire(timeMs: number): void {
    const oldest = timeMs - this.#maximumAgeMs;
    this.#counts.expiredPredictions += dropBefore(this.#predictions, oldest);
    this.#counts.expiredLabels += dropBefore(this.#labels, oldest);
    dropBefore(this.#joined, oldest);
  }

  toJSON(): LabelJoinState<Value> {
    return {
      predictions: entriesOf(this.#predictions),
      labels: entriesOf(this.#labels),
      joined: entriesOf(this.#joined),
      counts: this.counts,
    };
  }

  load({ predictions, labels, joined, counts }: LabelJoinState<Value>): void {
    this.#predictions = mapOf(predictions);
    this.#labels = mapOf(labels);
    this.#joined = mapOf(joined);
    this.#counts = { ...counts };
  }

  #join(id: string, prediction: Waiting<Value>, label: Waiting<Value>, timeMs: number): JoinedRow<Value> {
    this.#counts.joined += 1;
    keep(this.#joined, id, { value: null, timeMs }, this.#maximumWaiting);
    return {
      id,
      prediction: prediction.value,
      label: label.value,
      delayMs: label.timeMs - prediction.timeMs,
    };
  }
}

/** Adds an entry; returns how many of the oldest had to go. */
function keep<Value>(
  waiting: Map<string, Waiting<Value>>,
  id: string,
  entry: Waiting<Value>,
  limit: number,
): number {
  waiting.set(id, entry);
  if (waiting.size <= limit) return 0;
  for (const oldest of waiting.keys()) {
    waiting.delete(oldest);
    return 1;
  }
  return 0;
}

/** Entries are in the order of arrival; times may be out of order by a little, which then waits its turn. */
function dropBefore<Value>(waiting: Map<string, Waiting<Value>>, oldest: number): number {
  let dropped = 0;
  for (const [id, { timeMs }] of waiting) {
    if (timeMs >= oldest) break;
    waiting.delete(id);
    dropped += 1;
  }
  return dropped;
}

function entriesOf<Value>(waiting: ReadonlyMap<string, Waiting<Value>>): [string, Value, number][] {
  return [...waiting].map(([id, { value, timeMs }]) => [id, value, timeMs]);
}

function mapOf<Value>(entries: readonly (readonly [string, Value, number])[]): Map<string, Waiting<Value>> {
  return new Map(entries.map(([id, value, timeMs]) => [id, { value, timeMs }]));
}
