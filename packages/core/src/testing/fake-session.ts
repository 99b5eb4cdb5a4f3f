import type { Precision, RunOptions, Session } from "../backend/session.ts";
import { BackendError } from "../errors/backend-error.ts";
import { MlopsError } from "../errors/mlops-error.ts";
import { setTensor } from "../tensor/set-tensor.ts";
import type { Tensor, TensorMap } from "../tensor/tensor.ts";
import type { TensorInfo } from "../tensor/tensor-info.ts";
import { endOfSentence } from "../worker/end-of-sentence.ts";
import { copyTensors } from "./copy-tensors.ts";
import type { FakeModel } from "./fake-model.ts";
import type { FakeRuns } from "./fake-runs.ts";

/** A loaded {@link FakeModel}. */
export class FakeSession implements Session {
  readonly inputs: readonly TensorInfo[];
  readonly outputs: readonly TensorInfo[];
  readonly device: string;
  readonly maxBatchSize: number;
  readonly supportsParallelRuns: boolean;
  readonly precision: Precision;
  isReleased = false;
  readonly #compute: FakeModel["compute"];
  readonly #backend: string;
  readonly #runs: FakeRuns;
  #runsUnderWay = 0;

  constructor(model: FakeModel, { backend, runs }: { readonly backend: string; readonly runs: FakeRuns }) {
    this.inputs = model.inputs;
    this.outputs = model.outputs;
    this.device = model.device ?? "fake";
    this.maxBatchSize = model.maxBatchSize ?? Infinity;
    this.supportsParallelRuns = model.supportsParallelRuns ?? false;
    this.precision = model.precision ?? { relative: 0, absolute: 0 };
    this.#compute = model.compute;
    this.#backend = backend;
    this.#runs = runs;
  }

  async doRun(inputs: TensorMap, options: RunOptions): Promise<TensorMap> {
    if (this.isReleased) {
      this.#runs.violations.push("a run began after the release");
      throw new BackendError({ backend: this.#backend, problem: "the session has been released" });
    }
    this.#runsUnderWay += 1;
    if (this.#runsUnderWay > 1 && !this.supportsParallelRuns) this.#runs.violations.push("runs overlapped");
    try {
      const compute = async (): Promise<TensorMap> => this.#compute(inputs);
      const outputs = await this.#runs.run({ inputs, options, compute });
      return this.#chosen(outputs, options.outputs);
    } catch (cause) {
      if (MlopsError.isInstance(cause)) throw cause;
      throw new BackendError({ backend: this.#backend, problem: endOfSentence(cause), cause });
    } finally {
      this.#runsUnderWay -= 1;
    }
  }

  /** Runs that are under way go on. */
  async release(): Promise<void> {
    this.isReleased = true;
  }

  #chosen(outputs: TensorMap, asked: readonly string[] | undefined): TensorMap {
    const names = asked ?? this.outputs.map(({ name }) => name);
    const chosen: Record<string, Tensor> = {};
    for (const name of names) {
      const output = Object.hasOwn(outputs, name) ? outputs[name] : undefined;
      if (output === undefined) throw new Error(`compute() gave no output ${JSON.stringify(name)}`);
      setTensor(chosen, name, output);
    }
    return copyTensors(chosen);
  }
}
