import type { Artifact } from "../artifact/artifact.ts";
import type { Backend, LoadOptions } from "../backend/backend.ts";
import type { RunOptions, Session } from "../backend/session.ts";
import { defineModel } from "../model/define-model.ts";
import type { Model } from "../model/model.ts";
import { tensor, type TensorMap } from "../tensor/tensor.ts";
import type { TensorInfo } from "../tensor/tensor-info.ts";
import type { BatchingOptions, QueueOptions } from "../scheduling/options.ts";
import { createPredictor } from "./create-predictor.ts";
import { FakeEnvironment } from "./fake-environment.fixtures.ts";
import type { Predictor } from "./predictor.ts";

/** One call of `doRun`. A held one waits for `finish()` or `fail()`. */
export interface FakeRun {
  /** A copy: the memory of a batch is the next one's, too. */
  readonly inputs: TensorMap;
  /** The rows of `x`. */
  readonly values: readonly number[];
  readonly options: RunOptions;
  /** Gives the results: `y = 2 x` and `z = -x`. */
  finish(): void;
  fail(error: unknown): void;
}

/** What a {@link FakeSession} does. Default: it answers at once, one run at a time. */
export interface FakeSessionOptions {
  /** Whether runs wait to be finished by hand. */
  readonly hold?: boolean;
  readonly supportsParallelRuns?: boolean;
}

/** What a predictor over a {@link FakeSession} is made with. */
export interface FakeSetupOptions extends FakeSessionOptions {
  readonly batching?: BatchingOptions | false;
  readonly queue?: QueueOptions;
}

/** A session from `x`, float32 `[batch]`, to `y = 2 x` and `z = -x`, that tells what core did with it. */
export class FakeSession implements Session {
  readonly inputs: readonly TensorInfo[] = [{ name: "x", dtype: "float32", shape: ["batch"] }];
  readonly outputs: readonly TensorInfo[] = ["y", "z"].map((name) => ({
    name,
    dtype: "float32",
    shape: ["batch"],
  }));
  readonly device = "fake device";
  readonly maxBatchSize: number = Infinity;
  readonly precision: Session["precision"] = { relative: 0, absolute: 0 };
  readonly supportsParallelRuns: boolean;
  /** Every run, oldest first. */
  readonly runs: FakeRun[] = [];
  /** The runs that are under way, oldest first. */
  readonly heldRuns: FakeRun[] = [];
  /** The most runs that were ever under way together. */
  maxParallelRuns = 0;
  releaseCount = 0;
  /** What core did that a session does not expect. */
  readonly violations: string[] = [];
  readonly #hold: boolean;

  constructor({ hold = false, supportsParallelRuns = false }: FakeSessionOptions = {}) {
    this.#hold = hold;
    this.supportsParallelRuns = supportsParallelRuns;
  }

  doRun(inputs: TensorMap, options: RunOptions): Promise<TensorMap> {
    if (this.releaseCount > 0) this.violations.push("doRun after release");
    return new Promise((resolve, reject) => {
      const end = (settle: () => void): void => {
        this.heldRuns.splice(this.heldRuns.indexOf(run), 1);
        settle();
      };
      const values = [...(inputs["x"]!.data as Float32Array)];
      const finish = (): void => {
        const isKept = (inputs["x"]!.data as Float32Array).every((value, index) =>
          Object.is(value, values[index]),
        );
        if (!isKept) this.violations.push("inputs changed during the run");
        resolve(resultsOf(inputs, options));
      };
      const run: FakeRun = {
        inputs: structuredClone(inputs),
        values,
        options,
        finish: () => end(finish),
        fail: (error) => end(() => reject(error as Error)),
      };
      this.runs.push(run);
      this.heldRuns.push(run);
      this.maxParallelRuns = Math.max(this.maxParallelRuns, this.heldRuns.length);
      if (!this.#hold) run.finish();
    });
  }

  async release(): Promise<void> {
    this.releaseCount += 1;
    if (this.heldRuns.length > 0) this.violations.push("release during a run");
    if (this.releaseCount > 1) this.violations.push("release twice");
  }
}

function resultsOf({ x }: TensorMap, { outputs = ["y", "z"] }: RunOptions): TensorMap {
  const values = [...(x!.data as Float32Array)];
  const results: TensorMap = {
    y: tensor(
      "float32",
      values.map((value) => 2 * value),
    ),
    z: tensor(
      "float32",
      values.map((value) => -value),
    ),
  };
  return Object.fromEntries(outputs.map((name) => [name, results[name]!]));
}

/** A backend that loads one session, given or made by a function. */
export function fakeBackend(
  session: Session | ((artifact: Artifact, options: LoadOptions) => Session | Promise<Session>),
): Backend {
  return {
    specificationVersion: "v1",
    name: "fake",
    load: async (artifact, options) => (typeof session === "function" ? session(artifact, options) : session),
  };
}

/** A predictor over a {@link FakeSession}, with all that moves it. */
export interface FakeSetup<Input, Output> {
  readonly predictor: Predictor<Input, Output>;
  readonly predictTensors: NonNullable<Predictor["predictTensors"]>;
  readonly session: FakeSession;
  readonly environment: FakeEnvironment;
}

/** The model of the tensors that a {@link FakeSession} takes and gives. */
export const fakeModel: Model = defineModel({ name: "doubling", version: "1.2.3", artifact: "model.fake" });

/** A predictor of {@link fakeModel}. */
export function setUpTensors(options: FakeSetupOptions = {}): Promise<FakeSetup<TensorMap, TensorMap>> {
  return setUpFake(fakeModel, options);
}

/** A predictor of a model whose tensors are those of a {@link FakeSession}. */
export async function setUpFake<Input, Output>(
  model: Model<Input, Output>,
  options: FakeSetupOptions = {},
): Promise<FakeSetup<Input, Output>> {
  const session = new FakeSession(options);
  const environment = new FakeEnvironment();
  const predictor = await createPredictor({
    model,
    backend: fakeBackend(session),
    environment,
    warmup: false,
    ...options,
  });
  const predictTensors = predictor.predictTensors!.bind(predictor);
  return { predictor, predictTensors, session, environment };
}

/** The tensors of a request with these rows. */
export const rows = (...values: number[]): TensorMap => ({ x: tensor("float32", values) });

/** The values of `y` in the results. */
export const valuesOfY = (results: TensorMap): unknown[] => [...results["y"]!.data];
