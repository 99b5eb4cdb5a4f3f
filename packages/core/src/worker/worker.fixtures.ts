import { execFile } from "node:child_process";

import type { Artifact } from "../artifact/artifact.ts";
import { openArtifact } from "../artifact/open-artifact.ts";
import type { Session } from "../backend/session.ts";
import { tensor, type TensorMap } from "../tensor/tensor.ts";
import type { FakeCommand, FakeWorkerConfig } from "./fake-worker.fixtures.ts";
import { type RunningWorker, startWorker, type StartWorkerOptions } from "./start-worker.ts";

/** The kinds of worker that Node has. */
export const isolations = ["thread", "process"] as const;

/** Options of {@link startFakeWorker}. */
export interface FakeWorkerOptions
  extends FakeWorkerConfig, Partial<Omit<StartWorkerOptions, "config" | "module">> {}

/** A worker of the fake backend. It stops when it is disposed of. */
export async function startFakeWorker(
  options: FakeWorkerOptions = {},
): Promise<RunningWorker & AsyncDisposable> {
  const { isolation = "thread", signal, onLost, resourceLimits, environment, ...config } = options;
  const module = new URL("fake-worker.fixtures.ts", import.meta.url);
  const worker = await startWorker({
    module,
    config,
    isolation,
    signal,
    onLost,
    resourceLimits,
    environment,
  });
  return {
    ...worker,
    async [Symbol.asyncDispose]() {
      await worker.stop();
    },
  };
}

/** A model of three bytes. */
export const fakeArtifact: Artifact = openArtifact(Uint8Array.of(1, 2, 3));

/** A worker of the fake backend with a session in it. */
export async function startFakeSession(
  options: FakeWorkerOptions = {},
): Promise<{ readonly worker: RunningWorker; readonly session: Session } & AsyncDisposable> {
  const worker = await startFakeWorker(options);
  const session = await worker.load(fakeArtifact, {});
  return { worker, session, [Symbol.asyncDispose]: () => worker[Symbol.asyncDispose]() };
}

/** The inputs of a run. */
export function order(command: FakeCommand, tensors: TensorMap = {}): TensorMap {
  return { command: tensor("string", [command]), ...tensors };
}

/** What a promise rejects with. */
export async function errorOf(promise: Promise<unknown>): Promise<Error> {
  const [result] = await Promise.allSettled([promise]);
  if (result?.status === "rejected") return result.reason as Error;
  throw new Error("There was no error.");
}

/** Resolves when `condition` holds. It looks again and again, each time around the event loop. */
export async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setImmediate(resolve));
}

/** Whether there is a process of this number. */
export function isRunning(pid: number): boolean {
  try {
    // Signal 0 asks, and does nothing else.
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

/** How a program ended, and what it printed. */
export interface ProgramResult {
  readonly code: number | string | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a module as a program of its own. */
export function runProgram(module: URL, ...programArguments: readonly string[]): Promise<ProgramResult> {
  const execArgv = ["--conditions=@mlops/source", module.pathname, ...programArguments];
  const env = { ...process.env, NODE_OPTIONS: "" };
  return new Promise((resolve) => {
    execFile(process.execPath, execArgv, { env, timeout: 25_000 }, (error, stdout, stderr) => {
      resolve({ code: error === null ? 0 : (error.code ?? error.signal ?? null), stdout, stderr });
    });
  });
}
