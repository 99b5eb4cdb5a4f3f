import type { OnnxRuntime } from "./runtime.ts";
import type { OnnxWebDeviceChoice } from "./web/web-device.ts";
import type { OnnxWebOptions } from "./web/web-options.ts";

/** Configuration of {@link onnx}. All of it is optional. */
export interface OnnxConfig {
  /**
   * The runtime: the module `onnxruntime-node`, or a function that loads one, called once on
   * first use. Default `() => import("onnxruntime-node")`.
   */
  readonly runtime?: OnnxRuntime | (() => OnnxRuntime | Promise<OnnxRuntime>) | undefined;
  /**
   * In a browser: where the model runs, or a list of which the first runs that can; why others did not
   * is in `info.warnings`. Default `wasm`.
   */
  readonly device?: OnnxWebDeviceChoice | readonly OnnxWebDeviceChoice[] | undefined;
  /** What only the web build of the runtime takes. Ignored where another one runs. */
  readonly web?: OnnxWebOptions | undefined;
  /** Options of every session that this backend makes. */
  readonly session?: OnnxSessionOptions | undefined;
}

/**
 * ONNX Runtime's session options, passed through as they are.
 *
 * @see https://onnxruntime.ai/docs/api/js/interfaces/InferenceSession.SessionOptions.html
 */
export interface OnnxSessionOptions {
  /**
   * Threads that share the work of one operator, at least 1. Default: 1 for a model of up to
   * 100,000 bytes, whose operators are shorter than the way to another thread; else the runtime's,
   * the physical cores. A small model whose rows are long, such as a convolution over images, may
   * gain from more.
   */
  readonly intraOpNumThreads?: number | undefined;
  /** Threads that run operators side by side in `parallel` mode, at least 1. */
  readonly interOpNumThreads?: number | undefined;
  /**
   * How many microseconds a thread of the pools waits actively for its next piece of work, before
   * it sleeps. Default 50: long enough to go from one operator to the next, and too short to cost
   * anything between runs. 0 turns it off. The runtime's own setting keeps a core busy per thread
   * as long as runs come every now and then.
   */
  readonly spinDurationUs?: number | undefined;
  /** Default `all`. */
  readonly graphOptimizationLevel?: "disabled" | "basic" | "extended" | "layout" | "all" | undefined;
  /** Default `sequential`. */
  readonly executionMode?: "sequential" | "parallel" | undefined;
  /** Whether the CPU memory arena is used: faster, and keeps what it once took. Default true. */
  readonly enableCpuMemArena?: boolean | undefined;
  /** Whether memory is planned ahead where shapes allow. Default true. */
  readonly enableMemPattern?: boolean | undefined;
  /** Sizes for symbolic dimensions, by name, which lets the runtime optimise for them. */
  readonly freeDimensionOverrides?: Readonly<Record<string, number>> | undefined;
  /**
   * From which severity the runtime writes to stderr: 0 verbose, 1 info, 2 warning, 3 error,
   * 4 fatal. Default 4, because failures come as errors.
   */
  readonly logSeverityLevel?: 0 | 1 | 2 | 3 | 4 | undefined;
  /** Entries of the native configuration, by section: `{ session: { … } }`. */
  readonly extra?: Readonly<Record<string, unknown>> | undefined;
}
