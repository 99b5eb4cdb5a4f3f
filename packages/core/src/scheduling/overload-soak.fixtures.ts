import { writeSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";

import { MlopsError } from "../errors/mlops-error.ts";
import { type CreatePredictorOptions, createPredictor } from "../predictor/create-predictor.ts";
import type { Predictor } from "../predictor/predictor.ts";
import { defineModel } from "../model/define-model.ts";
import type { TensorMap } from "../tensor/tensor.ts";
import { sleepingBackend } from "./sleeping-backend.fixtures.ts";

// Run by the overload-soak tests as a program of its own, whose memory is its own, too:
// `node overload-soak.fixtures.ts <sleeping|onnx> <milliseconds> <seed>`. It prints a SoakReport.

/** What a soak came to, as the program prints it. */
export interface SoakReport {
  /** Answers in a second that full batches would give, where it is known. */
  readonly capacityPerSecond: number | undefined;
  /** Answers in a second, of callers who each wait for theirs. */
  readonly peakPerSecond: number;
  /** Arrivals in a second. */
  readonly offeredPerSecond: number;
  /** Answers in a second that were right and came before their deadline. */
  readonly goodPerSecond: number;
  readonly submitted: number;
  /** How many ended how: `good`, `late`, or a code; `wrong`, `untyped` and `never` must not be. */
  readonly outcomes: Readonly<Record<string, number>>;
  readonly maxQueued: number;
  /** How much the resident memory grew over the second half, by a line through its samples. */
  readonly secondHalfGrowthMb: number;
  /** The resident memory at the end. */
  readonly endMb: number;
  readonly unhandledRejections: number;
}

/** A request and what has to come back. */
interface Exchange {
  readonly tensors: TensorMap;
  readonly expected: Float32Array;
}

interface Subject {
  readonly predictor: Predictor;
  /** No two are equal, and a batch has no two of the same, but by chance. */
  readonly exchanges: readonly Exchange[];
}

/** What was offered and what was answered in time, in a second. */
type Soak = Pick<SoakReport, "offeredPerSecond" | "goodPerSecond">;

interface MemorySample {
  readonly atMs: number;
  readonly mb: number;
}

/** Which times the capacity arrives. */
const overload = 10;
const peakCallers = 192;
const deadlineMs = { least: 200, most: 600 };
/** What a run of the largest deadline can hardly empty, so that requests are refused for both reasons. */
const maxQueueSize = 512;
const sleepingCost = { fixedMs: 16, perRowMs: 1 };
/** How often the peak is measured and then the overload: so that whoever else uses the machine is met by both. */
const rounds = 2;
/** What a client that was not scheduled for longer than this does not make up for. */
const longestLagMs = 50;

const [kind, durationText, seedText] = process.argv.slice(2);
const durationMs = Number(durationText);
const random = mulberry32(Number(seedText));

let unhandledRejections = 0;
process.on("unhandledRejection", () => (unhandledRejections += 1));

const subject = kind === "onnx" ? await createOnnxSubject() : await createSleepingSubject();
const outcomes: Record<string, number> = {};
const memory: MemorySample[] = [];
let submitted = 0;
let settled = 0;
let maxQueued = 0;
await measurePeak(subject, Math.min(durationMs / 4, 2_000));
const peaks: number[] = [];
const soaks: Soak[] = [];
for (let round = 0; round < rounds; round += 1) {
  peaks.push(await measurePeak(subject, Math.min(durationMs / 4, 3_000)));
  soaks.push(await soak(subject, peaks.at(-1)!, durationMs / rounds, round >= rounds / 2));
}
await subject.predictor.close();
const report: SoakReport = {
  capacityPerSecond:
    kind === "sleeping" ? 64_000 / (sleepingCost.fixedMs + 64 * sleepingCost.perRowMs) : undefined,
  peakPerSecond: mean(peaks),
  offeredPerSecond: mean(soaks.map(({ offeredPerSecond }) => offeredPerSecond)),
  goodPerSecond: mean(soaks.map(({ goodPerSecond }) => goodPerSecond)),
  submitted,
  outcomes,
  maxQueued,
  secondHalfGrowthMb: growthMb(memory),
  endMb: memory.at(-1)!.mb,
  unhandledRejections,
};
writeSync(1, `${JSON.stringify(report)}\n`);

async function createSleepingSubject(): Promise<Subject> {
  const predictor = await createPredictor({
    ...modelOf("sleeping"),
    backend: sleepingBackend(sleepingCost),
    execution: "worker",
  });
  const exchanges = Array.from({ length: 1_024 }, (_, index): Exchange => {
    const row = Float32Array.from({ length: 8 }, (_value, column) => (index * 31 + column * 7) % 997);
    const sum = row.reduce((total, value, column) => total + (column + 1) * value, 0);
    return { tensors: tensorsOf(row), expected: Float32Array.of(sum) };
  });
  return { predictor, exchanges };
}

async function createOnnxSubject(): Promise<Subject> {
  const { onnx } = await import("@mlops/backend-onnx");
  const { mlpModel } = await import("@mlops/onnx-builder");
  const inputSize = 512;
  const hiddenSizes = Array.from({ length: 12 }, () => 1_024);
  const artifact = mlpModel({ inputSize, hiddenSizes, outputSize: 4, seed: 1 });
  // One thread for the model, the other core for who asks: what is offered must not slow down what serves.
  const backend = onnx({ session: { intraOpNumThreads: 1 } });
  const predictor = await createPredictor({ ...modelOf(artifact), backend });
  const exchanges: Exchange[] = [];
  for (let index = 0; index < 1_024; index += 1) {
    const tensors = tensorsOf(Float32Array.from({ length: inputSize }, () => 2 * random() - 1));
    exchanges.push({ tensors, expected: (await predictor.predict(tensors))["y"]!.data as Float32Array });
  }
  return { predictor, exchanges };
}

function modelOf(
  artifact: string | Uint8Array,
): Pick<CreatePredictorOptions<TensorMap, TensorMap>, "model" | "queue"> {
  return { model: defineModel({ name: "soaked", version: "1", artifact }), queue: { maxSize: maxQueueSize } };
}

function tensorsOf(row: Float32Array): TensorMap {
  return { x: { dtype: "float32", shape: [1, row.length], data: row } };
}

/** Answers in a second of as many callers as keep every batch full. */
async function measurePeak({ predictor, exchanges }: Subject, forMs: number): Promise<number> {
  let answered = 0;
  const startedAt = performance.now();
  const call = async (caller: number): Promise<void> => {
    for (let index = caller; performance.now() - startedAt < forMs; index += peakCallers) {
      const exchange = exchanges[index % exchanges.length]!;
      if (!isOwn(await predictor.predict(exchange.tensors), exchange)) throw new Error("A wrong answer.");
      answered += 1;
    }
  };
  await Promise.all(Array.from({ length: peakCallers }, (_, caller) => call(caller)));
  return (answered / (performance.now() - startedAt)) * 1_000;
}

/** Requests that come whether or not the last ones were answered, at the times of a Poisson process. */
async function soak(
  { predictor, exchanges }: Subject,
  peak: number,
  forMs: number,
  isSampled: boolean,
): Promise<Soak> {
  const count = (outcome: string): void => {
    settled += 1;
    outcomes[outcome] = (outcomes[outcome] ?? 0) + 1;
  };
  const meanGapMs = 1_000 / (overload * peak);
  const submittedBefore = submitted;
  let good = 0;

  const submit = (): void => {
    const exchange = exchanges[Math.floor(random() * exchanges.length)]!;
    const deadline = now() + deadlineMs.least + random() * (deadlineMs.most - deadlineMs.least);
    submitted += 1;
    predictor.predict(exchange.tensors, { deadline }).then(
      (outputs) => {
        const isGood = isOwn(outputs, exchange);
        const isInTime = now() <= deadline;
        if (isGood && isInTime) good += 1;
        count(!isGood ? "wrong" : isInTime ? "good" : "late");
      },
      (error: unknown) => count(MlopsError.isInstance(error) ? error.code : "untyped"),
    );
  };

  const startedAt = performance.now();
  let dueAt = startedAt;
  let endedAt = startedAt;
  while (endedAt - startedAt < forMs) {
    // What has come meanwhile, as a poll for I/O would find it.
    dueAt = Math.max(dueAt, endedAt - longestLagMs);
    for (; dueAt <= endedAt; dueAt -= Math.log(1 - random()) * meanGapMs) submit();
    maxQueued = Math.max(maxQueued, predictor.health().queued);
    if (isSampled && endedAt - (memory.at(-1)?.atMs ?? 0) >= 50) {
      memory.push({ atMs: endedAt, mb: process.memoryUsage.rss() / 1e6 });
    }
    await sleep(1);
    endedAt = performance.now();
  }
  const perSecond = 1_000 / (endedAt - startedAt);
  const rates = {
    offeredPerSecond: (submitted - submittedBefore) * perSecond,
    goodPerSecond: good * perSecond,
  };
  // Nothing may be left after the last deadline and a batch.
  for (let waited = 0; settled < submitted && waited < 200; waited += 1) await sleep(25);
  if (settled < submitted) outcomes["never"] = submitted - settled;
  return rates;
}

function now(): number {
  return performance.timeOrigin + performance.now();
}

function isOwn(outputs: TensorMap, { expected }: Exchange): boolean {
  const data = outputs["y"]!.data as Float32Array;
  return (
    data.length === expected.length &&
    expected.every((value, index) => Math.abs(data[index]! - value) <= 1e-5 + 1e-4 * Math.abs(value))
  );
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** The slope of the least-squares line, over the time of all samples. */
function growthMb(samples: readonly MemorySample[]): number {
  const meanAt = mean(samples.map(({ atMs }) => atMs));
  const meanMb = mean(samples.map(({ mb }) => mb));
  const covariance = mean(samples.map(({ atMs, mb }) => (atMs - meanAt) * (mb - meanMb)));
  const variance = mean(samples.map(({ atMs }) => (atMs - meanAt) ** 2));
  return (covariance / variance) * (samples.at(-1)!.atMs - samples[0]!.atMs);
}

/** Uniform in [0, 1), from a 32-bit seed (Mulberry32, Tommy Ettinger, public domain). */
function mulberry32(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
