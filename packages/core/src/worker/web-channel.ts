import type { WebWorker } from "../backend/backend-worker.ts";
import type { ClientChannel, HostChannel } from "./channel.ts";
import type { HostMessage } from "./protocol.ts";

/** The part of a web worker's global scope that is used here; the DOM library types a page's. */
interface WorkerScope {
  postMessage(message: unknown, transfer?: ArrayBuffer[]): void;
  addEventListener(type: "message", listener: (event: MessageEvent) => void): void;
  close(): void;
}

/** Starts a web worker; `undefined` where the host has none. */
export function startWebWorker(module: URL | (() => WebWorker)): ClientChannel | undefined {
  if (typeof Worker !== "function") return undefined;
  const worker: WebWorker = typeof module === "function" ? module() : new Worker(module, { type: "module" });
  return {
    movesMemory: true,
    post: (message, transfer = []) => worker.postMessage(message, transfer),
    listen({ onMessage, onClose }) {
      worker.addEventListener("message", ({ data }) => {
        // Only the host in the worker posts there.
        const message = data as HostMessage;
        onMessage(message);
        // A web worker does not tell of its end by itself.
        if (message.type === "stopped") onClose({ problem: "it stopped" });
      });
      worker.addEventListener("messageerror", () => onClose({ problem: "it sent what cannot be read" }));
      worker.addEventListener("error", (event) => {
        const { message, error } = event;
        // Else the page prints it, which is told of it by `onClose`.
        event.preventDefault();
        worker.terminate();
        onClose({ problem: `it failed (${message ?? "its module could not be loaded"})`, cause: error });
      });
    },
    // A page does not wait for its workers.
    ref() {},
    unref() {},
    // What runs in a page is WebAssembly or a shader, which can be ended at any time.
    giveUp() {
      worker.terminate();
      return "killed";
    },
  };
}

/** The channel to the page that started this web worker; `undefined` outside of one. */
export function findWebHost(): HostChannel | undefined {
  const scope: unknown = globalThis;
  return "WorkerGlobalScope" in globalThis ? toHostChannel(scope as WorkerScope) : undefined;
}

function toHostChannel(scope: WorkerScope): HostChannel {
  return {
    movesMemory: true,
    post: (message, transfer) => scope.postMessage(message, transfer),
    listen: ({ onMessage }) => scope.addEventListener("message", ({ data }) => onMessage(data)),
    leave() {
      scope.postMessage({ type: "stopped" });
      scope.close();
    },
  };
}
