import type { Artifact } from "../artifact/artifact.ts";
import type { LoadOptions } from "../backend/backend.ts";
import type { Session } from "../backend/session.ts";
import type { Environment } from "../environment.ts";
import { AbortedError } from "../errors/aborted-error.ts";
import { InvalidOptionsError } from "../errors/invalid-options-error.ts";
import { UnsupportedError } from "../errors/unsupported-error.ts";
import { WorkerLostError } from "../errors/worker-lost-error.ts";
import type { ChannelEnd, ClientChannel } from "./channel.ts";
import { endOfSentence } from "./end-of-sentence.ts";
import { fromErrorData } from "./error-data.ts";
import { type Answers, type Calls, type HostMessage, protocolVersion } from "./protocol.ts";
import { RemoteSession } from "./remote-session.ts";
import { ServedArtifact } from "./served-artifact.ts";

/** What became of a worker that was to stop: it ended by itself, or it was given up. */
export type StopOutcome = "exited" | "killed" | "abandoned";

/** What a {@link WorkerClient} is made of. */
export interface WorkerClientParts {
  readonly channel: ClientChannel;
  /** What the worker's backend is made from. */
  readonly config: unknown;
  readonly environment: Environment;
  /** Called once if the worker ends after it was ready, and without having been told to. */
  readonly onLost: ((error: WorkerLostError) => void) | undefined;
}

interface PendingCall {
  readonly resolve: (answer: never) => void;
  readonly reject: (error: unknown) => void;
}

interface PendingLoad {
  readonly artifact: ServedArtifact;
  readonly onProgress: LoadOptions["onProgress"];
}

// The start is waited for as a call is.
const startId = 0;

/** The side of who started a worker: it makes calls, and sees to it that each is answered once. */
export class WorkerClient {
  readonly #channel: ClientChannel;
  readonly #config: unknown;
  readonly #environment: Environment;
  readonly #onLost: ((error: WorkerLostError) => void) | undefined;
  readonly #calls = new Map<number, PendingCall>();
  readonly #loads = new Map<number, PendingLoad>();
  #lastId = startId;
  #backend = "worker";
  #state: "starting" | "greeted" | "ready" = "starting";
  #stopping: Promise<StopOutcome> | undefined;
  #end: ChannelEnd | undefined;
  #onEnd: (outcome: StopOutcome) => void = () => {};

  constructor({ channel, config, environment, onLost }: WorkerClientParts) {
    this.#channel = channel;
    this.#config = config;
    this.#environment = environment;
    this.#onLost = onLost;
    channel.listen({
      onMessage: (message) => this.#handle(message),
      onClose: (end) => this.#close(end),
    });
  }

  /** Whether the memory of inputs and outputs changes hands. */
  get movesMemory(): boolean {
    return this.#channel.movesMemory;
  }

  /** Resolves when the worker's backend is made. A worker that does not come so far is stopped. */
  async start(signal: AbortSignal | undefined): Promise<void> {
    const abort = (): void => {
      this.#fail(startId, new AbortedError({ stage: "loading", cause: signal!.reason }));
    };
    try {
      signal?.addEventListener("abort", abort);
      this.#backend = await new Promise((resolve, reject) => {
        this.#calls.set(startId, { resolve, reject });
      });
      this.#state = "ready";
    } catch (error) {
      void this.stop(defaultGraceMs);
      throw error;
    } finally {
      signal?.removeEventListener("abort", abort);
    }
  }

  /** The number of the next call. */
  nextId(): number {
    this.#lastId += 1;
    return this.#lastId;
  }

  /**
   * Sends a call. It is answered, or fails with the worker's own error, or with a
   * {@link WorkerLostError} when the worker ends first.
   */
  async call<Type extends keyof Calls>(
    call: Calls[Type],
    transfer: ArrayBuffer[],
    signal: AbortSignal | undefined,
  ): Promise<Answers[Type]> {
    const stage = call.type === "load" ? "loading" : "running";
    if (signal?.aborted) throw new AbortedError({ stage, cause: signal.reason });
    if (this.#end !== undefined) throw new WorkerLostError(this.#end);
    if (this.#stopping !== undefined) throw new WorkerLostError({ problem: "it has been stopped" });
    const abort = (): void => this.#channel.post({ type: "abort", id: call.id });
    signal?.addEventListener("abort", abort);
    try {
      return await new Promise<Answers[Type]>((resolve, reject) => {
        this.#channel.post(call, transfer);
        if (this.#calls.size === 0) this.#channel.ref();
        this.#calls.set(call.id, { resolve, reject });
      });
    } catch (error) {
      // The caller's reason has not travelled.
      if (signal?.aborted && AbortedError.isInstance(error)) {
        throw new AbortedError({ stage, cause: signal.reason });
      }
      throw error;
    } finally {
      signal?.removeEventListener("abort", abort);
    }
  }

  /** Loads a model there, whose bytes are read here. */
  async load(artifact: Artifact, { signal, onProgress, threads }: LoadOptions): Promise<Session> {
    const id = this.nextId();
    const served = new ServedArtifact(artifact, this.#channel);
    let thrown: { readonly error: unknown } | undefined;
    this.#loads.set(id, {
      artifact: served,
      onProgress(progress) {
        try {
          onProgress?.(progress);
        } catch (error) {
          thrown = { error };
          served.abortAll();
        }
      },
    });
    try {
      const { location } = artifact;
      const wantsProgress = onProgress !== undefined;
      const data = await this.call<"load">(
        { type: "load", id, location, wantsProgress, threads },
        [],
        signal,
      );
      const session = new RemoteSession(this, id, data);
      if (thrown === undefined) return session;
      await session.release();
    } catch (error) {
      thrown ??= { error };
    } finally {
      served.abortAll();
      this.#loads.delete(id);
    }
    throw thrown.error;
  }

  /** Frees a model there. */
  async release(session: number): Promise<void> {
    if (this.#end !== undefined || this.#stopping !== undefined) return;
    try {
      await this.call<"release">({ type: "release", id: this.nextId(), session }, [], undefined);
    } catch (error) {
      if (!WorkerLostError.isInstance(error)) throw error;
    }
  }

  /** Lets the worker finish what it has and end; gives it up after `graceMs`. */
  stop(graceMs: number): Promise<StopOutcome> {
    this.#stopping ??= this.#stop(graceMs);
    return this.#stopping;
  }

  async #stop(graceMs: number): Promise<StopOutcome> {
    if (this.#end !== undefined) return "exited";
    this.#channel.ref();
    if (this.#state !== "starting") this.#channel.post({ type: "stop" });
    return new Promise((resolve) => {
      const cancel = this.#environment.setTimer(() => {
        const outcome = this.#channel.giveUp();
        this.#close({ problem: `it did not stop within ${graceMs} ms and was ${outcome}` }, outcome);
      }, graceMs);
      this.#onEnd = (outcome) => {
        cancel();
        resolve(outcome);
      };
    });
  }

  #handle(message: HostMessage): void {
    switch (message.type) {
      case "done":
        return this.#take(message.id)?.resolve(message.answer as never);
      case "failed":
        return this.#fail(message.id, fromErrorData(message.error, this.#backend));
      case "load-progress":
        return this.#loads.get(message.id)?.onProgress?.(message.progress);
      case "read":
        return void this.#loads.get(message.id)?.artifact.read(message.read, message.path);
      case "read-abort":
        for (const { artifact } of this.#loads.values()) artifact.abort(message.read);
        return;
      case "hello":
        return this.#greet(message.version);
      case "ready":
        return this.#take(startId)?.resolve(message.backend as never);
      case "refused":
        return this.#fail(startId, fromErrorData(message.error, this.#backend));
      case "stopped":
        return;
    }
  }

  #greet(version: number): void {
    this.#state = "greeted";
    if (this.#stopping !== undefined) return this.#channel.post({ type: "stop" });
    if (version !== protocolVersion) {
      const error = new UnsupportedError({
        feature: `A worker that speaks version ${version} of the protocol, where this side speaks ${protocolVersion},`,
        remedy: "Install the backend and the application with the same version of @mlops/core.",
      });
      return this.#fail(startId, error);
    }
    try {
      this.#channel.post({ type: "start", config: this.#config });
    } catch (cause) {
      const problem = `cannot be sent to a worker: ${endOfSentence(cause)}`;
      this.#fail(startId, new InvalidOptionsError({ option: "config", problem, cause }));
    }
  }

  #fail(id: number, error: unknown): void {
    this.#take(id)?.reject(error);
  }

  /** Removes a call, which is answered then. */
  #take(id: number): PendingCall | undefined {
    const call = this.#calls.get(id);
    this.#calls.delete(id);
    if (this.#calls.size === 0 && this.#stopping === undefined) this.#channel.unref();
    return call;
  }

  #close(end: ChannelEnd, outcome: StopOutcome = "exited"): void {
    if (this.#end !== undefined) return;
    this.#end = end;
    const isExpected = this.#stopping !== undefined || this.#state !== "ready";
    for (const { reject } of this.#calls.values()) reject(new WorkerLostError(end));
    this.#calls.clear();
    // If it is there yet, it is of no more use to anybody.
    this.#channel.post({ type: "leave" });
    this.#onEnd(outcome);
    if (!isExpected) this.#onLost?.(new WorkerLostError(end));
  }
}

/** How long a worker may take to end by itself when nothing else is said: 10 seconds. */
export const defaultGraceMs = 10_000;
