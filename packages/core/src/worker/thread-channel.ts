import { builtinModule, hostProcess } from "./builtin-module.ts";
import type { ClientChannel, HostChannel } from "./channel.ts";
import { endOfSentence } from "./end-of-sentence.ts";
import { moduleOptions } from "./module-options.ts";
import { silence } from "./silence.ts";

/** The part of Node's `worker_threads` that is used here; Deno and Bun have it too. */
interface NodeWorkerThreads {
  readonly parentPort: NodePort | null;
  readonly Worker: new (module: URL, options: object) => NodeWorker;
}

interface NodePort {
  postMessage(message: unknown, transfer?: ArrayBuffer[]): void;
  on(event: "message" | "messageerror" | "error", listener: (value: never) => void): unknown;
}

interface NodeWorker extends NodePort {
  on(event: "message" | "messageerror" | "error" | "exit", listener: (value: never) => void): unknown;
  ref(): void;
  unref(): void;
  readonly stdout: { destroy(): void };
  readonly stderr: { destroy(): void };
}

/** Limits of a thread's memory, as Node's `worker_threads` takes them. */
export interface ThreadResourceLimits {
  /** The size that the thread's JavaScript heap may have, in mebibytes. */
  readonly maxOldGenerationSizeMb?: number | undefined;
}

/** Starts a thread; `undefined` where the host has no `worker_threads`. It inherits this process's Node options. */
export function startThread(
  module: URL,
  resourceLimits: ThreadResourceLimits | undefined,
): ClientChannel | undefined {
  const threads = builtinModule<NodeWorkerThreads>("node:worker_threads");
  if (threads === undefined) return undefined;
  const worker = new threads.Worker(module, {
    execArgv: moduleOptions(),
    stdout: true,
    stderr: true,
    resourceLimits,
  });
  // A stream that is read, and one that has something to read, would keep this process alive.
  worker.stdout.destroy();
  worker.stderr.destroy();
  return {
    movesMemory: true,
    post: (message, transfer) => worker.postMessage(message, transfer),
    listen({ onMessage, onClose }) {
      let cause: unknown;
      worker.on("message", onMessage);
      worker.on("messageerror", (error: Error) =>
        onClose({ problem: `it sent what cannot be read (${endOfSentence(error)})`, cause: error }),
      );
      worker.on("error", (error: unknown) => {
        cause = error;
      });
      worker.on("exit", (code: number) => {
        const problem =
          cause === undefined ? `it exited with code ${code}` : `it failed (${endOfSentence(cause)})`;
        onClose({ problem, cause });
      });
    },
    ref: () => worker.ref(),
    unref: () => worker.unref(),
    // To end a thread that is inside of native code ends the whole process (ONNX Runtime: SIGABRT).
    // So does the end of this process, which therefore has to wait until the thread comes back.
    giveUp() {
      worker.ref();
      return "abandoned";
    },
  };
}

/** The channel to who started this thread; `undefined` outside of a thread of Node. */
export function findThreadHost(): HostChannel | undefined {
  const port = builtinModule<NodeWorkerThreads>("node:worker_threads")?.parentPort;
  const process = hostProcess();
  if (port === null || port === undefined || process === undefined) return undefined;
  silence(process);
  return {
    movesMemory: true,
    post: (message, transfer) => port.postMessage(message, transfer),
    // A thread does not outlive who started it, so that there is no end to be told of.
    listen: ({ onMessage }) => void port.on("message", onMessage),
    leave() {
      port.postMessage({ type: "stopped" });
      // Ends this thread alone, even one where something waits.
      process.exit(0);
    },
  };
}
