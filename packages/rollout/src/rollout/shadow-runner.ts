import type { Environment, PredictOptions, Predictor } from "@mlops/core";

import type { GuardrailEvent } from "../guardrail/guardrail.ts";

/** How much of itself a shadow may take. */
export interface ShadowLimits {
  /** The most shadowed requests at a time; what comes above is left out, and counted. Default 16. */
  readonly maxConcurrent?: number | undefined;
  /** How long one may take, in milliseconds. Default 10,000. */
  readonly timeoutMs?: number | undefined;
  /** How many pairs of answers this replica keeps until `reportTruth` says what was right, where a guardrail asks for it. Default 10,000. */
  readonly maxPairs?: number | undefined;
}

/** Runs requests on the candidate whose answers nobody gets. It never throws, nor waits. */
export class ShadowRunner<Input, Output> {
  readonly #environment: Environment;
  readonly #maxConcurrent: number;
  readonly #timeoutMs: number;
  #running = 0;
  #leftOut = 0;
  #onIdle: () => void = () => {};

  constructor(environment: Environment, { maxConcurrent = 16, timeoutMs = 10_000 }: ShadowLimits = {}) {
    this.#environment = environment;
    this.#maxConcurrent = maxConcurrent;
    this.#timeoutMs = timeoutMs;
  }

  /** How many shadowed requests there was no room for. */
  get leftOut(): number {
    return this.#leftOut;
  }

  /** Whether there is room for one more; where there is none, it is counted as left out. */
  reserve(): boolean {
    if (this.#running >= this.#maxConcurrent) {
      this.#leftOut += 1;
      return false;
    }
    this.#running += 1;
    return true;
  }

  /** Runs a request for which there is a {@link ShadowRunner.reserve}d place, with the lowest priority. */
  async run(
    predictor: Predictor<Input, Output>,
    input: Input,
    { key }: PredictOptions,
    hear: (event: GuardrailEvent) => void,
  ): Promise<void> {
    const startedAt = this.#environment.now();
    const totalMs = (): number => this.#environment.now() - startedAt;
    try {
      const deadline = startedAt + this.#timeoutMs;
      const output = await predictor.predict(input, { key, deadline, priority: "low" });
      hear({ outcome: "success", totalMs: totalMs(), output });
    } catch (cause) {
      hear({ outcome: "failure", totalMs: totalMs(), error: toCodedError(cause) });
    } finally {
      this.release();
    }
  }

  /** Gives a reserved place back that was not used. */
  release(): void {
    this.#running -= 1;
    if (this.#running === 0) this.#onIdle();
  }

  /** Waits for those that run. */
  async idle(): Promise<void> {
    if (this.#running === 0) return;
    await new Promise<void>((resolve) => {
      this.#onIdle = resolve;
    });
  }
}

/** An error as guardrails see it. One without a code of its own is the backend's. */
export function toCodedError(cause: unknown): { readonly code: string } {
  const code = typeof cause === "object" && cause !== null ? Reflect.get(cause, "code") : undefined;
  return { code: typeof code === "string" ? code : "BACKEND_FAILED" };
}
