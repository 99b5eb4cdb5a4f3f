import { AbortedError } from "../errors/aborted-error.ts";
import { FakeEnvironment } from "../predictor/fake-environment.fixtures.ts";
import type { PredictOptions, Predictor } from "../predictor/predictor.ts";
import { definePredictor } from "./define-predictor.ts";

/** One request that a {@link FakePredictor} was asked, and that waits for its answer. */
export interface FakeCall<Input, Output> {
  readonly input: Input;
  readonly options: PredictOptions;
  answer(output: Output): void;
  fail(error: unknown): void;
}

/** What a {@link FakePredictor} does. */
export interface FakePredictorOptions<Input, Output> {
  readonly name?: string;
  readonly version?: string;
  /** Answers by itself. Default it waits to be answered by hand. */
  readonly answer?: (input: Input, options: PredictOptions) => Output | Promise<Output>;
  /** Whether it rejects when the signal aborts, as a predictor should. Default true. */
  readonly heedsSignal?: boolean;
  readonly environment?: FakeEnvironment;
}

/** A predictor moved by hand, that tells what a composition did with it. */
export class FakePredictor<Input = number, Output = number> {
  readonly environment: FakeEnvironment;
  /** Every request, oldest first. */
  readonly calls: FakeCall<Input, Output>[] = [];
  closeCount = 0;
  readonly predictor: Predictor<Input, Output>;

  constructor(options: FakePredictorOptions<Input, Output> = {}) {
    const { name = "fake", version = "1", environment = new FakeEnvironment() } = options;
    const { answer, heedsSignal = true } = options;
    this.environment = environment;
    const inner = definePredictor<Input, Output>({
      name,
      version,
      environment,
      predict: () => Promise.reject(new Error("asked past the fake")),
      close: () => void (this.closeCount += 1),
    });
    this.predictor = {
      info: inner.info,
      observe: (observer) => inner.observe(observer),
      health: () => inner.health(),
      close: () => inner.close(),
      predictMany: (inputs, asked) => inner.predictMany(inputs, asked),
      [Symbol.asyncDispose]: () => inner.close(),
      predict: (input, asked = {}) =>
        new Promise<Output>((resolve, reject) => {
          const { signal } = asked;
          this.calls.push({ input, options: asked, answer: resolve, fail: reject });
          const abort = (): void => reject(new AbortedError({ stage: "queued", cause: signal?.reason }));
          if (heedsSignal) signal?.addEventListener("abort", abort);
          if (answer !== undefined) {
            Promise.resolve()
              .then(() => answer(input, asked))
              .then(resolve, reject);
          }
        }),
    };
  }

  /** The inputs it was asked for, oldest first. */
  get inputs(): Input[] {
    return this.calls.map(({ input }) => input);
  }
}

/** What became of a request, without waiting for it. */
export interface Outcome<Output> {
  output?: Output;
  error?: unknown;
  isSettled: boolean;
}

/** Watches a request, so that a test can look at it while it is open. */
export function watch<Output>(answer: Promise<Output>): Outcome<Output> {
  const outcome: Outcome<Output> = { isSettled: false };
  answer.then(
    (output) => Object.assign(outcome, { output, isSettled: true }),
    (error: unknown) => Object.assign(outcome, { error, isSettled: true }),
  );
  return outcome;
}
