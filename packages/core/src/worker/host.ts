import type { ReadOptions } from "../artifact/artifact.ts";
import type { Backend } from "../backend/backend.ts";
import type { Session } from "../backend/session.ts";
import { AbortedError } from "../errors/aborted-error.ts";
import { BackendError } from "../errors/backend-error.ts";
import { InvalidOptionsError } from "../errors/invalid-options-error.ts";
import { MlopsError } from "../errors/mlops-error.ts";
import { ModelLoadError } from "../errors/model-load-error.ts";
import { UnsupportedError } from "../errors/unsupported-error.ts";
import type { TensorMap } from "../tensor/tensor.ts";
import type { HostChannel } from "./channel.ts";
import { endOfSentence } from "./end-of-sentence.ts";
import { type ErrorData, fromErrorData, toErrorData } from "./error-data.ts";
import { toPlain } from "./input-memory.ts";
import { findProcessHost } from "./process-channel.ts";
import {
  type Answers,
  type ClientMessage,
  type LoadCall,
  protocolVersion,
  type ReleaseCall,
  type RunCall,
} from "./protocol.ts";
import { RemoteArtifact } from "./remote-artifact.ts";
import { separateOutputs } from "./separate-outputs.ts";
import { findThreadHost } from "./thread-channel.ts";
import { findWebHost } from "./web-channel.ts";

/**
 * Serves a backend to who started this thread, process or web worker, until it is told to stop.
 * All that a backend's worker entry has to call.
 *
 * @param createBackend - Makes the backend from what its `worker.config` was on the other side.
 * @throws UnsupportedError `UNSUPPORTED` when this is no worker.
 *
 * @example
 * ```ts no-run
 * hostBackend((config: OnnxConfig) => onnx(config));
 * ```
 */
export function hostBackend<Config>(createBackend: (config: Config) => Backend | Promise<Backend>): void {
  const channel = findThreadHost() ?? findProcessHost() ?? findWebHost();
  if (channel === undefined) {
    throw new UnsupportedError({
      feature: "Hosting a backend outside of a worker",
      remedy: "Let startWorker() load the module that calls hostBackend().",
    });
  }
  // The client sends what the backend itself has put into its `worker.config`.
  new BackendHost(channel, createBackend as (config: unknown) => Backend).open();
}

interface HostedSession {
  readonly session: Session;
  /** Resolves when the next run may begin, if they have to come one after the other. */
  idle: Promise<void>;
}

interface PendingRead {
  readonly resolve: (bytes: Uint8Array) => void;
  readonly reject: (error: MlopsError) => void;
  readonly onProgress: ReadOptions["onProgress"];
}

class BackendHost {
  readonly #channel: HostChannel;
  readonly #createBackend: (config: unknown) => Backend | Promise<Backend>;
  #backend: Backend | undefined;
  readonly #sessions = new Map<number, HostedSession>();
  readonly #controllers = new Map<number, AbortController>();
  readonly #reads = new Map<number, PendingRead>();
  #readCount = 0;
  #callsUnderWay = 0;
  #isStopping = false;

  constructor(channel: HostChannel, createBackend: (config: unknown) => Backend | Promise<Backend>) {
    this.#channel = channel;
    this.#createBackend = createBackend;
  }

  open(): void {
    this.#channel.listen({
      onMessage: (message) => this.#handle(message),
      onClose: () => this.#leaveAtOnce(),
    });
    this.#channel.post({ type: "hello", version: protocolVersion });
  }

  #handle(message: ClientMessage): void {
    switch (message.type) {
      case "run":
        return void this.#serve(message, () => this.#run(message));
      case "load":
        return void this.#serve(message, () => this.#load(message));
      case "release":
        return void this.#serve(message, () => this.#release(message));
      case "abort":
        return this.#controllers.get(message.id)?.abort();
      case "read-progress":
        return this.#reads.get(message.read)?.onProgress?.(message.progress);
      case "read-done":
        return this.#reads.get(message.read)?.resolve(message.bytes);
      case "read-failed":
        return this.#reads.get(message.read)?.reject(fromErrorData(message.error, this.#name));
      case "start":
        return void this.#start(message.config);
      case "stop":
        return this.#stop();
      case "leave":
        return this.#leaveAtOnce();
    }
  }

  get #name(): string {
    return this.#backend?.name ?? "worker";
  }

  async #start(config: unknown): Promise<void> {
    try {
      this.#backend = await this.#createBackend(config);
    } catch (cause) {
      const problem = `was refused by the worker: ${endOfSentence(cause)}`;
      const error = MlopsError.isInstance(cause)
        ? cause
        : new InvalidOptionsError({ option: "config", problem, cause });
      this.#channel.post({ type: "refused", error: toErrorData(error) });
      return;
    }
    this.#channel.post({ type: "ready", backend: this.#name });
  }

  /** Sees to it that a call is answered exactly once. */
  async #serve(call: LoadCall | RunCall | ReleaseCall, work: () => Promise<void>): Promise<void> {
    this.#callsUnderWay += 1;
    try {
      await work();
    } catch (cause) {
      this.#fail(call.id, toErrorData(this.#toTypedError(cause, call)));
    }
    this.#controllers.delete(call.id);
    this.#callsUnderWay -= 1;
    if (this.#isStopping && this.#callsUnderWay === 0) await this.#leave();
  }

  #fail(id: number, error: ErrorData): void {
    try {
      this.#channel.post({ type: "failed", id, error });
    } catch {
      // A field that cannot be sent.
      this.#channel.post({ type: "failed", id, error: { ...error, fields: {} } });
    }
  }

  #answer<Type extends keyof Answers>(id: number, answer: Answers[Type], transfer?: ArrayBuffer[]): void {
    this.#channel.post({ type: "done", id, answer }, transfer);
  }

  #toTypedError(cause: unknown, call: LoadCall | RunCall | ReleaseCall): MlopsError {
    if (MlopsError.isInstance(cause)) return cause;
    const isLoad = call.type === "load";
    if (this.#controllers.get(call.id)?.signal.aborted) {
      return new AbortedError({ stage: isLoad ? "loading" : "running", cause });
    }
    const problem = endOfSentence(cause);
    return isLoad
      ? new ModelLoadError({ location: call.location, problem, cause })
      : new BackendError({ backend: this.#name, problem, cause });
  }

  async #load({ id, location, wantsProgress, threads }: LoadCall): Promise<void> {
    const artifact = new RemoteArtifact(location, (path, options) => this.#read(id, path, options));
    const session = await this.#backend!.load(artifact, {
      signal: this.#abortSignal(id),
      onProgress: wantsProgress
        ? (progress) => this.#channel.post({ type: "load-progress", id, progress })
        : undefined,
      threads,
    });
    const { inputs, outputs, device, maxBatchSize, supportsParallelRuns, precision, warnings = [] } = session;
    try {
      this.#answer<"load">(id, {
        inputs,
        outputs,
        device,
        maxBatchSize,
        supportsParallelRuns,
        precision,
        warnings,
        memoryBytes: session.memoryBytes,
        threads: session.threads,
        rowDependence: session.rowDependence,
      });
    } catch (error) {
      await session.release();
      throw error;
    }
    this.#sessions.set(id, { session, idle: Promise.resolve() });
  }

  async #run({ id, session: sessionId, inputs, memory, outputs, abortable }: RunCall): Promise<void> {
    const hosted = this.#sessions.get(sessionId);
    if (hosted === undefined) throw new Error("the session has been released");
    const { session } = hosted;
    const signal = abortable ? this.#abortSignal(id) : undefined;
    const run = async (): Promise<TensorMap> => {
      signal?.throwIfAborted();
      return session.doRun(Object.fromEntries(inputs), { outputs, signal });
    };
    const result = session.supportsParallelRuns ? run() : hosted.idle.then(run);
    hosted.idle = result.then(nothing, nothing);
    const results = await result;
    if (!this.#channel.movesMemory) {
      const plain = Object.entries(results).map(([name, output]) => [name, toPlain(output)] as const);
      this.#answer<"run">(id, { outputs: plain, memory: undefined });
      return;
    }
    const { outputs: own, transfer } = separateOutputs(results, memory);
    // A runtime that has handed the memory on has left it empty.
    const returned = memory?.byteLength === 0 ? undefined : memory;
    if (returned !== undefined) transfer.push(returned);
    this.#answer<"run">(id, { outputs: own, memory: returned }, transfer);
  }

  async #release({ id, session: sessionId }: ReleaseCall): Promise<void> {
    const hosted = this.#sessions.get(sessionId);
    this.#sessions.delete(sessionId);
    await hosted?.session.release();
    this.#answer<"release">(id, undefined);
  }

  #abortSignal(id: number): AbortSignal {
    const controller = new AbortController();
    this.#controllers.set(id, controller);
    return controller.signal;
  }

  async #read(id: number, path: readonly string[], { signal, onProgress }: ReadOptions): Promise<Uint8Array> {
    if (signal?.aborted) throw new AbortedError({ stage: "loading", cause: signal.reason });
    this.#readCount += 1;
    const read = this.#readCount;
    const abort = (): void => this.#channel.post({ type: "read-abort", read });
    signal?.addEventListener("abort", abort);
    try {
      return await new Promise((resolve, reject) => {
        this.#reads.set(read, { resolve, reject, onProgress });
        this.#channel.post({ type: "read", read, id, path });
      });
    } finally {
      this.#reads.delete(read);
      signal?.removeEventListener("abort", abort);
    }
  }

  #stop(): void {
    this.#isStopping = true;
    if (this.#callsUnderWay === 0) void this.#leave();
  }

  /** Releases what is left, and ends the worker. */
  async #leave(): Promise<void> {
    await this.#releaseAll();
    this.#channel.leave();
  }

  /** Never rejects: a session that cannot be released goes with the worker all the same. */
  async #releaseAll(): Promise<void> {
    const sessions = [...this.#sessions.values()];
    this.#sessions.clear();
    await Promise.allSettled(sessions.map(async ({ session }) => session.release()));
  }

  /** Ends the worker though something may be under way, of which nobody waits for the answer. */
  #leaveAtOnce(): void {
    void this.#releaseAll();
    this.#channel.leave();
  }
}

function nothing(): void {}
