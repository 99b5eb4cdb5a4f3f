import { builtinModule, hostProcess } from "./builtin-module.ts";
import type { ClientChannel, HostChannel } from "./channel.ts";
import { endOfSentence } from "./end-of-sentence.ts";
import { moduleOptions } from "./module-options.ts";
import { silence } from "./silence.ts";

/** The part of Node's `child_process` that is used here. */
interface NodeChildProcessModule {
  fork(module: URL, options: object): NodeChildProcess;
}

interface NodeChildProcess {
  /** `undefined` when it could not be started. */
  readonly pid?: number | undefined;
  readonly channel?: { ref(): void; unref(): void } | null | undefined;
  readonly stderr: NodeReadable | null;
  send(message: unknown, handle: undefined, options: undefined, callback: () => void): boolean;
  on(event: "message" | "error", listener: (value: never) => void): unknown;
  on(event: "close", listener: (code: number | null, signal: string | null) => void): unknown;
  kill(signal: "SIGKILL"): boolean;
  ref(): void;
  unref(): void;
}

interface NodeReadable {
  setEncoding(encoding: "utf8"): unknown;
  on(event: "data", listener: (text: string) => void): unknown;
  /** Only sockets have it; a pipe to a child is one. */
  unref?(): void;
}

/** Starts a process; `undefined` where the host cannot. It is given this process's Node options. */
export function startProcess(module: URL): ClientChannel | undefined {
  const childProcess = builtinModule<NodeChildProcessModule>("node:child_process");
  if (childProcess === undefined) return undefined;
  const execArgv = moduleOptions();
  const child = childProcess.fork(module, {
    ...(execArgv !== undefined && { execArgv }),
    serialization: "advanced",
    stdio: ["ignore", "ignore", "pipe", "ipc"],
  });
  const lastWords = keepTail(child.stderr);
  return {
    movesMemory: false,
    // Without a callback, a message to a process that is gone would be an error event.
    post: (message) => void child.send(message, undefined, undefined, () => {}),
    listen({ onMessage, onClose }) {
      child.on("message", onMessage);
      child.on("error", (error: Error) => {
        if (child.pid === undefined)
          onClose({ problem: `it could not be started (${endOfSentence(error)})`, cause: error });
      });
      // Comes after the end of the process, of its messages and of its stderr.
      child.on("close", (code, signal) => {
        const problem =
          signal === null ? `its process exited with code ${code}` : `its process was ended by ${signal}`;
        const text = lastWords();
        onClose({ problem, cause: text === "" ? undefined : new Error(text) });
      });
    },
    ref() {
      child.ref();
      child.channel?.ref();
    },
    unref() {
      child.unref();
      child.channel?.unref();
    },
    giveUp() {
      child.kill("SIGKILL");
      return "killed";
    },
  };
}

/** The channel to who started this process; `undefined` in one that was not forked. */
export function findProcessHost(): HostChannel | undefined {
  const process = hostProcess();
  if (typeof process?.send !== "function") return undefined;
  silence(process);
  const post = (message: unknown, sent: () => void = () => {}): void =>
    void process.send!(message, undefined, undefined, sent);
  return {
    movesMemory: false,
    post: (message) => post(message),
    listen({ onMessage, onClose }) {
      process.on("message", onMessage);
      process.on("disconnect", () => onClose({ problem: "the process that started it is gone" }));
    },
    // Messages leave in their order: after the last one, all have left.
    leave: () => post({ type: "stopped" }, () => process.exit(0)),
  };
}

// Enough for an error and its stack.
const tailCharacters = 4000;

/** Reads a stream and keeps its end, for the error that tells why the process is gone. */
function keepTail(stream: NodeReadable | null): () => string {
  let tail = "";
  stream?.setEncoding("utf8");
  stream?.on("data", (text) => {
    tail = (tail + text).slice(-tailCharacters);
  });
  stream?.unref?.();
  return () => tail.trim();
}
