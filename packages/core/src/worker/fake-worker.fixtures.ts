import { writeFileSync } from "node:fs";

import type { Backend } from "../backend/backend.ts";
import type { Session } from "../backend/session.ts";
import { InvalidInputError } from "../errors/invalid-input-error.ts";
import { InvalidOptionsError } from "../errors/invalid-options-error.ts";
import { MlopsError } from "../errors/mlops-error.ts";
import { type Tensor, tensor, type TensorMap } from "../tensor/tensor.ts";
import { hostBackend } from "./host.ts";

// The worker entry of a backend whose sessions do what the input `command` says.

/** What the fake backend is made from. */
export interface FakeWorkerConfig {
  /** Makes the backend refuse this configuration. */
  readonly refuse?: "typed" | "untyped";
  readonly supportsParallelRuns?: boolean;
  /** Shared with the test, in a thread: `block` says in element 1 that it has begun, and waits for element 0. */
  readonly gate?: Int32Array<SharedArrayBuffer>;
  /** How long `block` waits at most. */
  readonly blockMs?: number;
  /** A file that `release` and `block` write a line to. */
  readonly logFile?: string;
  /** What `load` does, besides reading the artifact. */
  readonly load?: "siblings" | "throw" | "unsendable" | "print";
}

/** What a run does. */
export type FakeCommand =
  /** Gives the inputs back. */
  | "echo"
  /** Gives nothing. */
  | "drop"
  /** Gives the inputs back three times: as they are, again, and as a part of a larger piece. */
  | "alias"
  /** Fills the numbers of its inputs with 9. */
  | "scribble"
  /** Waits for `open`, in a session that supports parallel runs, or for an abort. */
  | "wait"
  | "open"
  | "throw"
  | "throw typed"
  | "throw unsendable"
  | "give a function"
  /** Prints a lot, and tells how much of it waits for a reader. */
  | "print"
  /** Gives the memory of its inputs away. */
  | "detach"
  | "pid"
  | "exit"
  /** Is answered before the worker ends. */
  | "exit later"
  | "crash"
  | "fill the heap"
  | "block";

function createBackend(config: FakeWorkerConfig): Backend {
  if (config.refuse === "typed") throw new InvalidOptionsError({ option: "refuse", problem: "is set" });
  if (config.refuse === "untyped") throw new TypeError("no such configuration");
  return {
    specificationVersion: "v1",
    name: "fake",
    async load(artifact, { signal, onProgress }) {
      const { location } = artifact;
      const reading = {
        signal,
        onProgress:
          onProgress &&
          ((progress: { loadedBytes: number; totalBytes: number | undefined }) =>
            onProgress({ phase: "reading", location, ...progress })),
      };
      const files = [await artifact.read(reading)];
      if (config.load === "siblings") {
        const folder = artifact.sibling("weights/a.bin");
        files.push(await folder.read(reading), await folder.sibling("b.bin").read(reading));
      }
      if (config.load === "throw") throw new RangeError("no such model.");
      if (config.load === "print") process.stderr.write("loading");
      onProgress?.({ phase: "preparing", location });
      return createSession(config, files);
    },
  };
}

function createSession(config: FakeWorkerConfig, files: readonly Uint8Array[]): Session {
  const waiting: (() => void)[] = [];
  const log = (line: string): void => {
    if (config.logFile !== undefined) writeFileSync(config.logFile, `${line}\n`, { flag: "a" });
  };

  const run = async (inputs: TensorMap, signal: AbortSignal | undefined): Promise<TensorMap> => {
    const [command] = inputs["command"]!.data as readonly FakeCommand[];
    const tensors = Object.fromEntries(Object.entries(inputs).filter(([name]) => name !== "command"));
    switch (command!) {
      case "echo":
        return tensors;
      case "drop":
        return {};
      case "alias": {
        const large = Float32Array.from({ length: 10 }, (_, index) => index);
        const part: Tensor = { dtype: "float32", shape: [4], data: large.subarray(3, 7) };
        const rest: Tensor = { dtype: "float32", shape: [10], data: large };
        return { ...tensors, again: tensors["x"]!, part, rest, restAgain: rest };
      }
      case "scribble":
        for (const { data } of Object.values(tensors)) if (ArrayBuffer.isView(data)) data.fill(9 as never);
        return {};
      case "wait":
        await new Promise<void>((resolve, reject) => {
          // As work would, it keeps the worker alive.
          const timer = setInterval(() => {}, 60_000);
          waiting.push(() => {
            clearInterval(timer);
            resolve();
          });
          signal?.addEventListener("abort", () => reject(signal.reason));
        });
        return tensors;
      case "open":
        for (const goOn of waiting.splice(0)) goOn();
        return tensors;
      case "throw":
        throw new RangeError("the kernel failed.", { cause: "a bit" });
      case "throw typed":
        throw new InvalidInputError({
          issues: [{ path: ["x", 3], message: "is odd" }],
          cause: new Error("why"),
        });
      case "throw unsendable":
        throw new UnsendableError("cannot be told apart");
      case "give a function":
        return { y: { dtype: "float32", shape: [], data: [() => {}] } } as never;
      case "print": {
        const { stdout, stderr } = process;
        const before = stdout.writableLength + stderr.writableLength;
        for (let line = 0; line < 1000; line += 1) {
          stdout.write("x".repeat(100));
          stderr.write("x".repeat(100));
        }
        return { waiting: tensor("int32", [stdout.writableLength + stderr.writableLength - before]) };
      }
      case "detach":
        for (const { data } of Object.values(tensors)) {
          if (ArrayBuffer.isView(data)) structuredClone(data, { transfer: [data.buffer as ArrayBuffer] });
        }
        return {};
      case "pid":
        return { pid: tensor("int32", [process.pid]) };
      case "exit":
        process.exit(7);
        break;
      case "exit later":
        setImmediate(() => process.exit(0));
        return tensors;
      case "crash":
        await new Promise(() =>
          setImmediate(() => {
            throw new Error("out of nowhere");
          }),
        );
        break;
      case "fill the heap": {
        const heap: unknown[] = [];
        for (;;) heap.push(Array.from({ length: 1e5 }, Math.random));
      }
      case "block": {
        log(`running ${process.pid}`);
        const gate = config.gate ?? new Int32Array(new SharedArrayBuffer(8));
        Atomics.store(gate, 1, 1);
        // Bounded, so that a test that fails leaves no thread behind.
        Atomics.wait(gate, 0, 0, config.blockMs ?? 20_000);
        return tensors;
      }
    }
    throw new Error(`There is no ${command}.`);
  };

  return {
    inputs: [{ name: "x", dtype: "float32", shape: ["batch", null, 3] }],
    outputs: [{ name: "y", dtype: "string", shape: undefined }],
    device: `fake of ${files.map((file) => file.join(" ")).join(", ")}`,
    maxBatchSize: Infinity,
    supportsParallelRuns: config.supportsParallelRuns ?? false,
    precision: { relative: 0.5, absolute: 0.25 },
    warnings:
      config.load === "unsendable"
        ? ([{ type: "other", message: () => "x" }] as never)
        : [{ type: "other", message: "it is a fake" }],
    doRun: (inputs, { outputs, signal }) =>
      run(inputs, signal).then((tensors) =>
        outputs === undefined ? tensors : Object.fromEntries(outputs.map((name) => [name, tensors[name]!])),
      ),
    async release() {
      log("released");
    },
  };
}

class UnsendableError extends MlopsError {
  override readonly name = "UnsendableError";
  readonly code = "CLOSED";
  readonly why = (): string => "a function";
}

// Before anything here can keep it from being printed.
process.stdout.write("starting");
hostBackend(createBackend);
