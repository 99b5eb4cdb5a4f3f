import type { Precision, RunOptions, Session } from "../backend/session.ts";
import type { TensorMap } from "../tensor/tensor.ts";
import type { TensorInfo } from "../tensor/tensor-info.ts";
import type { Warning } from "../warning.ts";
import { copyTensor, InputMemory, type PackedInputs, toPlain } from "./input-memory.ts";
import type { SessionData } from "./protocol.ts";
import type { WorkerClient } from "./worker-client.ts";

/**
 * A session that lives in a worker.
 *
 * Its properties are those of the session there. Its runs may overlap whatever
 * `supportsParallelRuns` says: the worker puts them in a row if it has to.
 */
export class RemoteSession implements Session {
  readonly inputs: readonly TensorInfo[];
  readonly outputs: readonly TensorInfo[];
  readonly device: string;
  readonly maxBatchSize: number;
  readonly supportsParallelRuns: boolean;
  readonly precision: Precision;
  readonly warnings: readonly Warning[];
  readonly memoryBytes: number | undefined;
  readonly threads: number | undefined;
  readonly rowDependence: string | undefined;
  readonly #client: WorkerClient;
  readonly #id: number;
  readonly #inputMemory = new InputMemory();
  #released: Promise<void> | undefined;

  constructor(client: WorkerClient, id: number, data: SessionData) {
    this.inputs = data.inputs;
    this.outputs = data.outputs;
    this.device = data.device;
    this.maxBatchSize = data.maxBatchSize;
    this.supportsParallelRuns = data.supportsParallelRuns;
    this.precision = data.precision;
    this.warnings = data.warnings ?? [];
    this.memoryBytes = data.memoryBytes;
    this.threads = data.threads;
    this.rowDependence = data.rowDependence;
    this.#client = client;
    this.#id = id;
  }

  /**
   * The inputs stay where they are, and may change once this has settled.
   *
   * @throws WorkerLostError `WORKER_LOST` when the worker ends before it has answered.
   */
  async doRun(tensors: TensorMap, { outputs, signal }: RunOptions): Promise<TensorMap> {
    const { movesMemory } = this.#client;
    const { inputs, memory } = movesMemory ? this.#inputMemory.pack(tensors) : toEntries(tensors);
    const id = this.#client.nextId();
    const abortable = signal !== undefined;
    const answer = await this.#client.call<"run">(
      { type: "run", id, session: this.#id, inputs, memory, outputs, abortable },
      memory === undefined ? [] : [memory],
      signal,
    );
    this.#inputMemory.giveBack(answer.memory);
    // What was not moved came in one piece, which the outputs would share.
    const own = movesMemory
      ? answer.outputs
      : answer.outputs.map(([name, output]) => [name, copyTensor(output)]);
    return Object.fromEntries(own);
  }

  /** Frees the model there. Where the worker is gone, so is the model. */
  release(): Promise<void> {
    this.#released ??= this.#client.release(this.#id);
    return this.#released;
  }
}

function toEntries(tensors: TensorMap): PackedInputs {
  const inputs = Object.entries(tensors).map(([name, input]) => [name, toPlain(input)] as const);
  return { inputs, memory: undefined };
}
