import {
  BackendError,
  InvalidInputError,
  isDType,
  type Precision,
  type RunOptions,
  type Session,
  type Signature,
  type Tensor,
  type TensorInfo,
  type TensorMap,
  type Warning,
} from "@mlops/core";

import type { OnnxDeviceName } from "./device.ts";
import { deviceTraits } from "./device-traits.ts";
import type { OnnxInferenceSession, OnnxRuntime, OnnxResults, OnnxTensor } from "./runtime.ts";
import { toBackendError } from "./to-core-error.ts";

/** What an {@link OnnxSession} is made of. */
export interface OnnxSessionParts {
  readonly session: OnnxInferenceSession;
  readonly Tensor: OnnxRuntime["Tensor"];
  readonly signature: Signature;
  /** Default `cpu`. */
  readonly device?: OnnxDeviceName | undefined;
  readonly warnings?: readonly Warning[] | undefined;
  /** Threads of a run, where they are not the runtime's own choice. */
  readonly threads?: number | undefined;
  /** Why rows of a run influence each other's results. Default they do not. */
  readonly rowDependence?: string | undefined;
}

/** An ONNX Runtime session. */
export class OnnxSession implements Session {
  readonly inputs: readonly TensorInfo[];
  readonly outputs: readonly TensorInfo[];
  readonly device: OnnxDeviceName;
  readonly maxBatchSize: number;
  /**
   * The Node binding computes on the calling thread, one run after the other whatever the caller
   * does. Given one at a time, the event loop gets a turn between two runs.
   */
  readonly supportsParallelRuns = false;
  readonly precision: Precision;
  readonly warnings: readonly Warning[];
  readonly threads: number | undefined;
  readonly rowDependence: string | undefined;
  readonly #session: OnnxInferenceSession;
  readonly #Tensor: OnnxRuntime["Tensor"];
  readonly #outputNames: readonly string[];
  #released: Promise<void> | undefined;

  constructor(parts: OnnxSessionParts) {
    const { session, Tensor, signature, device = "cpu", warnings = [], threads, rowDependence } = parts;
    const { precision, isOffCpu } = deviceTraits[device];
    this.inputs = signature.inputs;
    this.outputs = signature.outputs;
    this.maxBatchSize = fixedBatchSize(signature.inputs) ?? Infinity;
    this.device = device;
    this.precision = precision;
    this.warnings = warnings;
    this.threads = isOffCpu ? 0 : threads;
    this.rowDependence = rowDependence;
    this.#session = session;
    this.#Tensor = Tensor;
    this.#outputNames = signature.outputs.map(({ name }) => name);
  }

  async doRun(inputs: TensorMap, { outputs = this.#outputNames }: RunOptions): Promise<TensorMap> {
    const feeds: Record<string, OnnxTensor> = {};
    for (const name of Object.keys(inputs)) {
      defineEntry(feeds, name, this.#toOnnxTensor(inputs[name]!, name));
    }
    let results: OnnxResults;
    try {
      const running = this.#session.run(feeds as Record<string, never>, outputs);
      results = running instanceof Promise ? await running : running;
    } catch (cause) {
      throw toBackendError(cause);
    }
    const tensors: Record<string, Tensor> = {};
    for (const name of outputs) defineEntry(tensors, name, toCoreTensor(results[name], name));
    return tensors;
  }

  release(): Promise<void> {
    this.#released ??= this.#session.release();
    return this.#released;
  }

  #toOnnxTensor({ dtype, data, shape }: Tensor, name: string): OnnxTensor {
    if (dtype === "string") checkStrings(data, name);
    // The pairing of dtype and data, which core has checked, is lost on a constructor call.
    const tensor = new this.#Tensor(dtype as never, data as never, shape);
    // Where the engine has Float16Array, the constructor makes one of the bits, and the native
    // binding (1.30) then finds it empty: it reads `data` as a Uint16Array.
    if (dtype === "float16") Object.defineProperty(tensor, "data", { value: data });
    return tensor;
  }
}

function fixedBatchSize(inputs: readonly TensorInfo[]): number | undefined {
  for (const { shape } of inputs) {
    const first = shape?.[0];
    // A tensor of no rows is a run of its own.
    if (typeof first === "number") return Math.max(first, 1);
  }
  return undefined;
}

// The native binding (1.30) takes strings as C does, up to the first NUL, and would drop the rest in silence.
function checkStrings(strings: readonly string[], name: string): void {
  for (const [index, text] of strings.entries()) {
    if (typeof text === "string" && !text.includes("\0")) continue;
    const message =
      typeof text === "string" ? "holds a NUL character; ONNX Runtime takes none" : "is no string";
    throw new InvalidInputError({ issues: [{ path: [name, index], message }] });
  }
}

function toCoreTensor(tensor: OnnxTensor | undefined, name: string): Tensor {
  if (tensor === undefined || !isDType(tensor.type)) {
    const what = tensor === undefined ? "no value" : `a tensor of ${tensor.type}`;
    throw new BackendError({
      backend: "onnx",
      problem: `it gave ${what} for the output ${JSON.stringify(name)}`,
    });
  }
  const { type: dtype, dims: shape } = tensor;
  const data = dtype === "float16" ? float16Bits(tensor.data as ArrayBufferView) : tensor.data;
  // ONNX Runtime pairs each element type with the typed array that core pairs it with.
  return { dtype, shape, data } as Tensor;
}

// Where the engine has Float16Array, ONNX Runtime gives one; core's tensors hold the bits.
function float16Bits({ buffer, byteOffset, byteLength }: ArrayBufferView): Uint16Array {
  return new Uint16Array(buffer, byteOffset, byteLength / 2);
}

// A tensor may be called "__proto__": the names are the model's.
function defineEntry<Value>(record: Record<string, Value>, name: string, value: Value): void {
  if (name === "__proto__") {
    Object.defineProperty(record, name, { value, enumerable: true, configurable: true, writable: true });
  } else record[name] = value;
}
