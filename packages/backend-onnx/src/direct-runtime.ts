import { dtypeCodes } from "./dtype-codes.ts";
import type {
  OnnxInferenceSession,
  OnnxRuntime,
  OnnxSupportedBackend,
  OnnxTensor,
  OnnxValueMetadata,
} from "./runtime.ts";

/**
 * The native binding inside `onnxruntime-node`, called without the package's own `run`.
 *
 * That `run` computes on the calling thread as well, but in the next turn of the event loop, and
 * a turn costs several microseconds: most of the time that a small model takes. The engine decides
 * for itself when the loop gets its turn.
 *
 * The binding is no public interface. What is not as it is known to be makes this `undefined`, and
 * then the public one is used.
 */
export function directRuntime(bindingModule: unknown, log: OnnxLog): OnnxRuntime | undefined {
  const { binding, initOrt } = (bindingModule ?? {}) as Partial<BindingModule>;
  const { loadModel, run, dispose } = binding?.InferenceSession?.prototype ?? {};
  const isKnown = [initOrt, loadModel, run, dispose].every((member) => typeof member === "function");
  if (binding === undefined || initOrt === undefined || !isKnown) return undefined;
  return {
    InferenceSession: {
      async create(model, options) {
        initQuietly(initOrt, log);
        const session = new binding.InferenceSession();
        session.loadModel(model.buffer, model.byteOffset, model.byteLength, options);
        return new DirectSession(session);
      },
    },
    Tensor: DirectTensor,
    listSupportedBackends: () => binding.listSupportedBackends?.() ?? [],
  };
}

/** What of the runtime's `env` decides how much it writes to stderr. */
export interface OnnxLog {
  logLevel?: "verbose" | "info" | "warning" | "error" | "fatal";
}

/**
 * Starts the runtime, at most once. From a log level that its start fixes, it would tell stderr
 * what comes as an error anyway: that a library of a device is missing.
 */
function initQuietly(initOrt: () => void, log: OnnxLog): void {
  const { logLevel = "warning" } = log;
  log.logLevel = "fatal";
  try {
    initOrt();
  } finally {
    log.logLevel = logLevel;
  }
}

/** `onnxruntime-node/dist/binding.js`, by what is called of it. */
interface BindingModule {
  readonly binding: {
    readonly InferenceSession: new () => NativeSession;
    listSupportedBackends?(): readonly OnnxSupportedBackend[];
  };
  initOrt(): void;
}

interface NativeSession {
  readonly inputMetadata: readonly NativeMetadata[];
  readonly outputMetadata: readonly NativeMetadata[];
  loadModel(buffer: ArrayBufferLike, byteOffset: number, byteLength: number, options: object): void;
  run(
    feeds: Readonly<Record<string, unknown>>,
    fetches: Readonly<Record<string, null>>,
    options: object,
  ): Record<string, OnnxTensor>;
  dispose(): void;
}

interface NativeMetadata {
  readonly name: string;
  readonly isTensor: boolean;
  /** An ONNX `TensorProto.DataType`. */
  readonly type: number;
  /** -1 for a dimension that varies; its name is then in `symbolicDimensions`. */
  readonly shape: readonly number[];
  readonly symbolicDimensions: readonly string[];
}

/** What the binding reads of a tensor, and the web build as well. */
export class DirectTensor implements OnnxTensor {
  readonly location = "cpu";
  readonly type: string;
  readonly data: unknown;
  readonly dims: readonly number[];

  constructor(type: string, data: unknown, dims: readonly number[]) {
    this.type = type;
    this.data = data;
    this.dims = dims;
  }
}

const noOptions = Object.freeze({});

class DirectSession implements OnnxInferenceSession {
  readonly inputMetadata: readonly OnnxValueMetadata[];
  readonly outputMetadata: readonly OnnxValueMetadata[];
  readonly #session: NativeSession;

  constructor(session: NativeSession) {
    this.#session = session;
    this.inputMetadata = session.inputMetadata.map(toValueMetadata);
    this.outputMetadata = session.outputMetadata.map(toValueMetadata);
  }

  run(feeds: Readonly<Record<string, unknown>>, names: readonly string[]): Record<string, OnnxTensor> {
    const fetches: Record<string, null> = {};
    for (const name of names) fetches[name] = null;
    return this.#session.run(feeds, fetches, noOptions);
  }

  async release(): Promise<void> {
    this.#session.dispose();
  }
}

function toValueMetadata({
  name,
  isTensor,
  type,
  shape,
  symbolicDimensions,
}: NativeMetadata): OnnxValueMetadata {
  if (!isTensor) return { name, isTensor: false };
  return {
    name,
    isTensor: true,
    type: dtypeCodes.get(type) ?? `element type ${type}`,
    shape: shape.map((size, axis) => (size < 0 ? (symbolicDimensions[axis] ?? "") : size)),
  };
}
