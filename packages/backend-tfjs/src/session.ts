import {
  BackendError,
  type Precision,
  type RunOptions,
  type Session,
  type Tensor,
  type TensorInfo,
  type TensorMap,
  type Warning,
} from "@mlops/core";

import type { Engine } from "./engine/engine.ts";
import type { LoadedModel } from "./model/loaded-model.ts";
import { isTfjsDType } from "./model/tensorflow-dtype.ts";
import type { TfjsTensor } from "./runtime.ts";
import { toBackendError } from "./to-core-error.ts";

/** What a {@link TfjsSession} is made of. */
export interface TfjsSessionParts {
  readonly engine: Engine;
  readonly model: LoadedModel;
  readonly warnings: readonly Warning[];
  readonly memoryBytes: number | undefined;
}

/** A model of TensorFlow.js on one of its engines. */
export class TfjsSession implements Session {
  readonly inputs: readonly TensorInfo[];
  readonly outputs: readonly TensorInfo[];
  readonly device: string;
  readonly maxBatchSize: number;
  readonly supportsParallelRuns: boolean;
  readonly precision: Precision;
  readonly warnings: readonly Warning[];
  readonly memoryBytes: number | undefined;
  readonly threads: number | undefined;
  readonly #engine: Engine;
  readonly #model: LoadedModel;
  readonly #outputNames: readonly string[];
  readonly #runs = new Set<Promise<unknown>>();
  #released: Promise<void> | undefined;

  constructor({ engine, model, warnings, memoryBytes }: TfjsSessionParts) {
    const { device } = engine;
    this.inputs = model.signature.inputs;
    this.outputs = model.signature.outputs;
    this.device = device;
    this.maxBatchSize = fixedBatchSize(this.inputs) ?? Infinity;
    // What computes on the calling thread gains nothing by overlapping, and would keep it busy.
    this.supportsParallelRuns = engine.readsAsynchronously;
    this.precision = Object.freeze(
      // A graphics card by way of WebGL may round more.
      device === "webgl" ? { relative: 1e-3, absolute: 1e-4 } : { relative: 1e-4, absolute: 1e-5 },
    );
    this.warnings = warnings;
    this.memoryBytes = memoryBytes;
    this.threads = engine.readsAsynchronously ? 0 : device === "tensorflow" ? undefined : 1;
    this.#engine = engine;
    this.#model = model;
    this.#outputNames = this.outputs.map(({ name }) => name);
  }

  async doRun(inputs: TensorMap, { outputs = this.#outputNames }: RunOptions): Promise<TensorMap> {
    while (this.#engine.turn !== undefined) await this.#engine.turn;
    if (this.#released !== undefined) {
      throw new BackendError({ backend: "tfjs", problem: "the session has been released" });
    }
    try {
      if (this.#model.isAsync) return await this.#track(this.#runWaiting(inputs, outputs));
      if (this.#engine.readsAsynchronously) return await this.#track(this.#runAndRead(inputs, outputs));
      return this.#engine.run(() => {
        const results = this.#model.execute(this.#toTfjs(inputs), outputs) as readonly TfjsTensor[];
        return this.#toCore(results, outputs, (tensor) => tensor.dataSync());
      });
    } catch (cause) {
      throw toBackendError(cause);
    }
  }

  release(): Promise<void> {
    this.#released ??= this.#release();
    return this.#released;
  }

  async #release(): Promise<void> {
    await Promise.allSettled(this.#runs);
    this.#model.dispose();
  }

  async #track<Result>(run: Promise<Result>): Promise<Result> {
    this.#runs.add(run);
    try {
      return await run;
    } finally {
      this.#runs.delete(run);
    }
  }

  /** Computes in this turn, and reads while others compute. */
  async #runAndRead(inputs: TensorMap, outputs: readonly string[]): Promise<TensorMap> {
    const results = this.#engine.run(
      () => this.#model.execute(this.#toTfjs(inputs), outputs) as readonly TfjsTensor[],
      (tensors) => tensors,
    );
    try {
      return await this.#readAll(results, outputs);
    } finally {
      // A weight that is an output, too, is the model's.
      for (const tensor of results) if (tensor.kept !== true) tensor.dispose();
    }
  }

  #runWaiting(inputs: TensorMap, outputs: readonly string[]): Promise<TensorMap> {
    return this.#engine.runAsync(async () =>
      this.#readAll(await this.#model.execute(this.#toTfjs(inputs), outputs), outputs),
    );
  }

  async #readAll(results: readonly TfjsTensor[], outputs: readonly string[]): Promise<TensorMap> {
    const values = await Promise.all(results.map(async (tensor) => tensor.data()));
    return this.#toCore(results, outputs, (_, index) => values[index]);
  }

  #toTfjs(inputs: TensorMap): Record<string, TfjsTensor> {
    const { core } = this.#engine;
    const tensors: Record<string, TfjsTensor> = {};
    for (const [name, { data, shape, dtype }] of Object.entries(inputs)) {
      defineEntry(tensors, name, core.tensor(data, shape, dtype));
    }
    return tensors;
  }

  #toCore(
    results: readonly TfjsTensor[],
    outputs: readonly string[],
    read: (tensor: TfjsTensor, index: number) => unknown,
  ): TensorMap {
    const tensors: Record<string, Tensor> = {};
    outputs.forEach((name, index) => {
      const tensor = results[index];
      if (tensor === undefined || !isTfjsDType(tensor.dtype)) {
        const what = tensor === undefined ? "no value" : `a tensor of ${tensor.dtype}`;
        throw new BackendError({
          backend: "tfjs",
          problem: `it gave ${what} for the output ${JSON.stringify(name)}`,
        });
      }
      const data = read(tensor, index);
      const { dtype, shape } = tensor;
      const own = this.#engine.sharesMemory && ArrayBuffer.isView(data) ? copyOf(data) : data;
      // TensorFlow.js pairs each of its element types with the array that core pairs it with.
      defineEntry(tensors, name, { dtype, shape: [...shape], data: own } as Tensor);
    });
    return tensors;
  }
}

function fixedBatchSize(inputs: readonly TensorInfo[]): number | undefined {
  for (const { shape } of inputs) {
    const first = shape?.[0];
    if (typeof first === "number") return first;
  }
  return undefined;
}

// The memory may be that of an input, of a weight or of another output.
function copyOf(data: ArrayBufferView): ArrayBufferView {
  return (data as Float32Array).slice();
}

// A tensor may be called "__proto__": the names are the model's.
function defineEntry<Value>(record: Record<string, Value>, name: string, value: Value): void {
  if (name === "__proto__") {
    Object.defineProperty(record, name, { value, enumerable: true, configurable: true, writable: true });
  } else record[name] = value;
}
