import { type Environment, systemEnvironment } from "@mlops/core";

import type { OnnxInferenceSession, OnnxResults, OnnxRuntime } from "../runtime.ts";
import type { RuntimeVariant } from "./web-device.ts";
import type { WebFilePlaces } from "./web-options.ts";

/** The part of `onnxruntime-web` that is called, besides what both builds have. */
export interface OnnxWebRuntime extends OnnxRuntime {
  readonly env: OnnxWebEnvironment;
  readonly InferenceSession: {
    create(model: Uint8Array, options: object): Promise<OnnxWebInferenceSession>;
  };
}

/** A session whose runs have a log level of their own. */
export interface OnnxWebInferenceSession extends OnnxInferenceSession {
  run(
    feeds: Readonly<Record<string, never>>,
    fetches: readonly string[],
    options?: { readonly logSeverityLevel: 0 | 1 | 2 | 3 | 4 },
  ): Promise<OnnxResults>;
}

/** The runtime's settings. They are read once, when the first session is made. */
interface OnnxWebEnvironment {
  logLevel?: unknown;
  readonly wasm: {
    numThreads?: number | undefined;
    wasmPaths?: unknown;
    wasmBinary?: unknown;
  };
}

/** Loads the build of the runtime that has a device. */
export type ImportWebRuntime = (variant: RuntimeVariant) => Promise<OnnxWebRuntime>;

/** How a runtime is to be started. */
export interface WebRuntimeSettings {
  readonly variant: RuntimeVariant;
  /** Where its files are; `undefined` where it finds them by itself. */
  readonly files: WebFilePlaces | undefined;
  /** Threads of a run, itself included. */
  readonly threads: number;
}

/** A runtime that is set up. */
export interface StartedWebRuntime {
  readonly runtime: OnnxWebRuntime;
  /** Threads of a run: those of who was first to start the runtime. */
  readonly threads: number;
  /** Through which everything goes that the runtime does. */
  readonly queue: RunQueue;
}

/**
 * Runs one piece of work after the other. The runtime fails when two runs overlap ("Session already
 * started"), of whichever sessions, and a run on WebAssembly returns without a turn of the event
 * loop: so that a page stays smooth where the two share a thread, a turn comes between any two.
 */
export class RunQueue {
  readonly #environment: Environment;
  #last: Promise<unknown> = Promise.resolve();

  constructor(environment: Environment = systemEnvironment) {
    this.#environment = environment;
  }

  /** Runs `work` when all before it has settled, however it has. */
  run<Result>(work: () => Result | Promise<Result>): Promise<Result> {
    const result = this.#last.then(work);
    const nextTurn = (): Promise<void> => new Promise((resolve) => this.#environment.nextTurn(resolve));
    this.#last = result.then(nextTurn, nextTurn);
    return result;
  }
}

// On the runtime's own object, so that all who use this copy of it queue together.
const started = Symbol.for("@mlops/backend-onnx.started");

/** Sets a runtime up, if nobody has before. */
export function startWebRuntime(
  runtime: OnnxWebRuntime,
  { variant, files, threads }: WebRuntimeSettings,
): StartedWebRuntime {
  const { env } = runtime as { readonly env: OnnxWebEnvironment & { [started]?: StartedWebRuntime } };
  if (env[started] !== undefined) return env[started];
  const prefix = variant === "wasm" ? "ort-wasm-simd-threaded" : "ort-wasm-simd-threaded.asyncify";
  const mjs = files?.[`${prefix}.mjs`];
  const wasm = files?.[`${prefix}.wasm`];
  // Threads start from the runtime's own script. In a bundle of several that would be another.
  const ownThreads = mjs === undefined ? 1 : threads;
  env.wasm.numThreads = ownThreads;
  // Failures come as errors.
  env.logLevel = "fatal";
  if (wasm instanceof Uint8Array) env.wasm.wasmBinary = wasm;
  const paths = { ...(mjs !== undefined && { mjs }), ...(typeof wasm === "string" && { wasm }) };
  if (Object.keys(paths).length > 0) env.wasm.wasmPaths = paths;
  const result = { runtime, threads: ownThreads, queue: new RunQueue() };
  env[started] = result;
  return result;
}
