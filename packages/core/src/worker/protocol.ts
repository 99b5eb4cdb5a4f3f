import type { ReadProgress } from "../artifact/artifact.ts";
import type { LoadProgress } from "../backend/backend.ts";
import type { Session } from "../backend/session.ts";
import type { Tensor } from "../tensor/tensor.ts";
import type { ErrorData } from "./error-data.ts";

/**
 * The version of the messages below. Both sides have to have the same one: a backend's worker may
 * find another copy of this package than the application does.
 */
export const protocolVersion = 1;

/** The session of a load goes by the load's number. */
type CallId = number;

/** Tensors by name, as a list, because a tensor may be called `__proto__`. */
export type TensorEntries = readonly (readonly [name: string, tensor: Tensor])[];

/** What the client says to the host. Each call, a message with an `id` of its own, is answered once. */
export type ClientMessage =
  /** Answers `hello`, and is answered by `ready` or `refused`. */
  | { readonly type: "start"; readonly config: unknown }
  | LoadCall
  | RunCall
  | ReleaseCall
  /** The caller of a call has given up. The call is answered all the same. */
  | { readonly type: "abort"; readonly id: CallId }
  | { readonly type: "read-progress"; readonly read: number; readonly progress: ReadProgress }
  | { readonly type: "read-done"; readonly read: number; readonly bytes: Uint8Array }
  | { readonly type: "read-failed"; readonly read: number; readonly error: ErrorData }
  /** Finish what is under way, release everything, say `stopped` and end. */
  | { readonly type: "stop" }
  /** End at once: nobody waits for what is under way. */
  | { readonly type: "leave" };

/** What the host says to the client. */
export type HostMessage =
  /** The first message. */
  | { readonly type: "hello"; readonly version: number }
  /** The backend is made, and has this name. */
  | { readonly type: "ready"; readonly backend: string }
  /** The backend could not be made. */
  | { readonly type: "refused"; readonly error: ErrorData }
  | { readonly type: "done"; readonly id: CallId; readonly answer: Answers[keyof Answers] }
  | { readonly type: "failed"; readonly id: CallId; readonly error: ErrorData }
  | { readonly type: "load-progress"; readonly id: CallId; readonly progress: LoadProgress }
  /** Wants the bytes of the artifact of the load `id`, or of a file beside it. */
  | { readonly type: "read"; readonly read: number; readonly id: CallId; readonly path: readonly string[] }
  | { readonly type: "read-abort"; readonly read: number }
  /** The last message. */
  | { readonly type: "stopped" };

/** Loads the model whose bytes the client hands out when the host asks for them. */
export interface LoadCall {
  readonly type: "load";
  readonly id: CallId;
  readonly location: string;
  readonly wantsProgress: boolean;
  readonly threads: number | undefined;
}

/** Runs a model. */
export interface RunCall {
  readonly type: "run";
  readonly id: CallId;
  readonly session: CallId;
  readonly inputs: TensorEntries;
  /** The memory that the inputs lie in, which comes back with the answer. */
  readonly memory: ArrayBuffer | undefined;
  readonly outputs: readonly string[] | undefined;
  /** Whether an `abort` may follow. */
  readonly abortable: boolean;
}

/** Frees a model. */
export interface ReleaseCall {
  readonly type: "release";
  readonly id: CallId;
  readonly session: CallId;
}

/** A call, by its type. */
export interface Calls {
  readonly load: LoadCall;
  readonly run: RunCall;
  readonly release: ReleaseCall;
}

/** What a call is answered with, by its type. */
export interface Answers {
  readonly load: SessionData;
  readonly run: RunAnswer;
  readonly release: undefined;
}

/** The properties of a session that its other end has too. */
export type SessionData = Pick<
  Session,
  | "inputs"
  | "outputs"
  | "device"
  | "maxBatchSize"
  | "supportsParallelRuns"
  | "precision"
  | "warnings"
  | "memoryBytes"
  | "threads"
  | "rowDependence"
>;

/** What a run gave. */
export interface RunAnswer {
  readonly outputs: TensorEntries;
  /** The memory that the inputs came in. */
  readonly memory: ArrayBuffer | undefined;
}
