/** The part of a prediction's event that is read; `PredictionEvent` of `@mlops/core` has it. */
export interface ObservedPrediction {
  readonly outcome: "success" | "failure";
  /** When the request came, in milliseconds since the Unix epoch. */
  readonly startedAt: number;
  readonly input?: unknown;
  readonly output?: unknown;
}
