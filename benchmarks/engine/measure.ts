import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

import { Measurements } from "../lib/measurements.ts";
import type { Progress } from "../lib/progress.ts";
import { orderOfRound } from "../lib/rounds.ts";
import type { EngineOptions } from "./engine.ts";
import { loadFigures, nameOfFigure, nameOfMemory, nameOfOverhead } from "./figures.ts";
import { type Load, nameOfLoad } from "./load.ts";
import { type BenchmarkModel, createModelBytes } from "./models.ts";
import { createExchanges, type Exchange } from "./requests.ts";
import { startSubject, type SubjectProcess } from "./start-subject.ts";
import { ownName, tunedName } from "./subjects.ts";

/** Options of {@link measure}. */
export interface MeasureOptions {
  readonly models: readonly BenchmarkModel[];
  readonly subjects: readonly string[];
  readonly loads: readonly Load[];
  readonly rounds: number;
  readonly progress: Progress;
}

/** What the subjects of one model have in common. */
interface Course {
  readonly model: BenchmarkModel["name"];
  readonly options: EngineOptions;
  readonly exchanges: readonly Exchange[];
}

/**
 * Measures all subjects in turn, round by round: for each model, every subject has a process of
 * its own, and each load goes to one after the other while the rest are idle.
 *
 * @throws Error when an answer is wrong, or a process does not end by itself.
 */
export async function measure(options: MeasureOptions): Promise<Measurements> {
  const measurements = new Measurements();
  const folder = await mkdtemp(join(tmpdir(), "benchmark-"));
  try {
    const courses: Course[] = [];
    for (const model of options.models) courses.push(await prepare(model, folder));
    for (let round = 0; round < options.rounds; round += 1) {
      for (const course of courses) await measureRound(course, round, options, measurements);
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
  return measurements;
}

async function prepare(model: BenchmarkModel, folder: string): Promise<Course> {
  const modelFile = join(folder, `${model.name}.onnx`);
  await writeFile(modelFile, createModelBytes(model));
  const options = { modelFile, inputSize: model.size.inputSize };
  return { model: model.name, options, exchanges: await createExchanges(options) };
}

async function measureRound(
  { model, options, exchanges }: Course,
  round: number,
  { subjects, loads, rounds, progress }: MeasureOptions,
  measurements: Measurements,
): Promise<void> {
  const running: SubjectProcess[] = [];
  const start = async (...names: string[]): Promise<SubjectProcess> => {
    const process = await startSubject(names, options, exchanges);
    running.push(process);
    return process;
  };
  const say = (what: string): void => progress(`round ${round + 1} of ${rounds}: ${model}, ${what}`);
  const order = orderOfRound(subjects, round);
  try {
    const [pair, ...processes] = await all([start(ownName, tunedName), ...order.map((name) => start(name))]);
    for (const load of loads) {
      say(nameOfLoad(load));
      for (const [index, subject] of order.entries()) {
        await sleep(load.pauseMs);
        const result = await processes[index]!.measureLoad(load);
        for (const { title, key } of loadFigures) {
          measurements.add({ figure: nameOfFigure(model, load, title), subject }, result[key]);
        }
      }
    }
    say("overhead");
    const [own, tuned] = await pair!.measureInTurns(2 * loads[0]!.durationMs);
    measurements.add({ figure: nameOfOverhead(model), subject: ownName }, (own - tuned) * 1000);
    const [, ...peaksMb] = await all([pair!, ...processes].map((process) => process.stop()));
    for (const [index, subject] of order.entries()) {
      measurements.add({ figure: nameOfMemory(model), subject }, peaksMb[index]!);
    }
  } finally {
    for (const process of running) process.kill();
  }
}

/** As `Promise.all`, but nothing is under way any more when it rejects. */
async function all<Value>(promises: readonly Promise<Value>[]): Promise<Value[]> {
  await Promise.allSettled(promises);
  return Promise.all(promises);
}
