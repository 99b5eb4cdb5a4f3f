import { subscribe } from "node:diagnostics_channel";
import { writeSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";

import type { Backend } from "../backend/backend.ts";
import { MlopsError } from "../errors/mlops-error.ts";
import { defineModel } from "../model/define-model.ts";
import { createPredictor } from "../predictor/create-predictor.ts";
import type { Execution } from "../predictor/execution.ts";
import type { Predictor } from "../predictor/predictor.ts";
import type { TensorMap } from "../tensor/tensor.ts";
import { chaosBackend, crash, poison } from "./chaos-backend.fixtures.ts";
import { type Priority, priorities } from "./priority.ts";

// Run by chaos.test.ts as a program: `node chaos.fixtures.ts <subject> <milliseconds> <seed>`. It
// prints a ChaosReport, and is expected to end by itself.

/** Where the model runs, and what befalls it. */
export type ChaosSubject =
  | "fake"
  | `onnx ${Execution}`
  /** Its worker ends whenever it has been idle for some milliseconds. */
  | "dying worker"
  | "dying process"
  /** Some requests end the process that they run in. */
  | "crashing process";

/** What a chaos came to. */
export interface ChaosReport {
  readonly submitted: number;
  /** How many ended how; `own` is a right result. */
  readonly outcomes: Readonly<Record<string, number>>;
  /** Threads and processes that were started. */
  readonly workers: number;
  /** What must not be: answers that nothing gave cause for, a missing one, a second one. */
  readonly violations: readonly string[];
}

interface Request {
  readonly number: number;
  readonly rows: number;
  readonly isPoison: boolean;
  readonly mayCrash: boolean;
  readonly hasDeadline: boolean;
  readonly mayAbort: boolean;
  readonly isAfterClose: boolean;
  outcome: string | undefined;
  /** What an observer was told of it. */
  readonly told: string[];
}

const [subject, durationText, seedText] = process.argv.slice(2) as [ChaosSubject, string, string];
const durationMs = Number(durationText);
const random = xorshift(Number(seedText));
const oneIn = (count: number): boolean => random() * count < 1;

const violations: string[] = [];
let workers = 0;
process.on("worker", () => (workers += 1));
subscribe("child_process", () => (workers += 1));
process.on("unhandledRejection", (reason) => violations.push(`unhandled rejection: ${String(reason)}`));

const predictor = await openSubject();
const requests: Request[] = [];
const answers: Promise<void>[] = [];
predictor.observe(({ key, outcome }) => requests[Number(key)]!.told.push(outcome));

const startedAt = performance.now();
let closing: Promise<void> | undefined;
let closedFromMs = Infinity;
// A busy machine comes to less in the time, so it gets more, until all has happened that is to.
for (
  let elapsedMs = 0;
  elapsedMs < closedFromMs + 0.2 * durationMs;
  elapsedMs = performance.now() - startedAt
) {
  if (
    closing === undefined &&
    elapsedMs > 0.8 * durationMs &&
    (hasAllHappened() || elapsedMs > 8 * durationMs)
  ) {
    closedFromMs = elapsedMs;
    closing = close();
  }
  for (let count = Math.floor(random() ** 3 * 120); count > 0; count -= 1) answers.push(submit());
  // Now and then it is idle, and now and then several turns' worth comes at once.
  await sleep(oneIn(12) ? 60 : random() * 4);
}
await closing;
await Promise.all(answers);
// Observers are told after the answer.
await sleep(20);
for (const { number, told, outcome } of requests) {
  const expected = outcome === "own" ? "success" : "failure";
  if (told.join() !== expected)
    violations.push(`request ${number}, ${outcome}, was told as ${told.join() || "nothing"}`);
}
const outcomes: Record<string, number> = {};
for (const { outcome } of requests) outcomes[outcome!] = (outcomes[outcome!] ?? 0) + 1;
const report: ChaosReport = {
  submitted: requests.length,
  outcomes,
  workers,
  violations: violations.slice(0, 10),
};
writeSync(1, `${JSON.stringify(report)}\n`);

async function openSubject(): Promise<Predictor> {
  const [kind, execution = "inline"] = subject.split(" ") as [string, Execution?];
  const open = (backend: Backend, artifact: string | Uint8Array, where: Execution): Promise<Predictor> =>
    createPredictor({
      model: defineModel({ name: "chaos", version: "1", artifact }),
      backend,
      execution: where,
      batching: { maxBatchSize: 32 },
      queue: { maxSize: 200 },
    });
  if (kind === "dying") return open(chaosBackend({ diesIdleMs: 25 }), "chaos", execution);
  if (kind === "crashing") return open(chaosBackend({}), "chaos", "process");
  if (kind === "fake") return open(chaosBackend({}), "chaos", "inline");
  const { onnx } = await import("@mlops/backend-onnx");
  return open(onnx(), await gatherModel(), execution);
}

/** The model of chaosSession() for the real runtime, whose kernel fails for an index out of range. */
async function gatherModel(): Promise<Uint8Array> {
  const { buildModel, int, node } = await import("@mlops/onnx-builder");
  return buildModel({
    name: "gather",
    inputs: [
      { name: "x", dtype: "float32", shape: ["batch", 8] },
      { name: "index", dtype: "int64", shape: ["batch", 1] },
    ],
    outputs: [{ name: "y", dtype: "float32", shape: ["batch", 1] }],
    nodes: [node("GatherElements", ["x", "index"], ["y"], { axis: int(1) })],
  });
}

/** Whether requests have ended in every way in which they may before close(). */
function hasAllHappened(): boolean {
  const ended = new Set(requests.map(({ outcome }) => outcome));
  const ways = ["own", "ABORTED", "DEADLINE_EXCEEDED", "BACKEND_FAILED"];
  if (subject === "crashing process") ways.push("WORKER_LOST");
  return ways.every((way) => ended.has(way)) && (!/^(dying|crashing)/.test(subject) || workers > 3);
}

/** Everything that was taken before has its answer when this is done. */
async function close(): Promise<void> {
  const taken = [...requests];
  await predictor.close();
  await Promise.resolve();
  const open = taken.filter(({ outcome }) => outcome === undefined);
  if (open.length > 0) violations.push(`${open.length} requests are open after close()`);
}

function submit(): Promise<void> {
  const controller = new AbortController();
  const request: Request = {
    number: requests.length,
    rows: oneIn(100) ? 70 : 1 + Math.floor(random() ** 4 * 4),
    isPoison: oneIn(100),
    mayCrash: subject === "crashing process" && oneIn(500),
    hasDeadline: oneIn(4),
    mayAbort: oneIn(5),
    isAfterClose: closing !== undefined,
    outcome: undefined,
    told: [],
  };
  requests.push(request);
  const { tensors, expected } = dataOf(request);
  const deadline = request.hasDeadline ? Date.now() + random() * 30 - 2 : undefined;
  const priority: Priority = priorities[Math.floor(random() * priorities.length)]!;
  if (request.mayAbort) {
    if (oneIn(5)) controller.abort();
    else setTimeout(() => controller.abort(), random() * 20);
  }
  const settle = (outcome: string): void => {
    if (request.outcome !== undefined) violations.push(`request ${request.number} has two answers`);
    request.outcome = outcome;
    if (!mayEnd(request, outcome)) violations.push(`request ${JSON.stringify(request)} ended by ${outcome}`);
  };
  const options = { signal: controller.signal, deadline, priority, key: String(request.number) };
  return predictor.predict(tensors, options).then(
    ({ y }) => settle(String([...(y!.data as Float32Array)]) === String(expected) ? "own" : "wrong"),
    (error: unknown) => settle(MlopsError.isInstance(error) ? error.code : `untyped ${String(error)}`),
  );
}

/** Rows that no other request has. */
function dataOf({ number, rows, isPoison, mayCrash }: Request): { tensors: TensorMap; expected: number[] } {
  const x = Float32Array.from({ length: rows * 8 }, (_, index) => (number % 1_000) * 1_000 + index);
  const columns = Array.from({ length: rows }, (_, row) => (number + row) % 8);
  const expected = columns.map((column, row) => x[row * 8 + column]!);
  if (isPoison) columns[rows - 1] = poison;
  if (mayCrash) columns[0] = crash;
  return {
    tensors: {
      x: { dtype: "float32", shape: [rows, 8], data: x },
      index: { dtype: "int64", shape: [rows, 1], data: BigInt64Array.from(columns, BigInt) },
    },
    expected,
  };
}

function mayEnd(
  { isPoison, mayCrash, hasDeadline, mayAbort, isAfterClose }: Request,
  outcome: string,
): boolean {
  switch (outcome) {
    case "own":
      return !isPoison && !mayCrash;
    case "BACKEND_FAILED":
      return isPoison;
    case "ABORTED":
      return mayAbort;
    case "DEADLINE_EXCEEDED":
      return hasDeadline;
    case "CLOSED":
      return isAfterClose;
    case "WORKER_LOST":
      return mayCrash;
    default:
      return outcome === "OVERLOADED";
  }
}

/** Uniform in [0, 1) (Marsaglia 2003, "Xorshift RNGs"). */
function xorshift(seed: number): () => number {
  let state = seed * 2_654_435_761 || 1;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) / 2 ** 32;
  };
}
