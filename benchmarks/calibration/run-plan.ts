import { Worker } from "node:worker_threads";

import type { Progress } from "../lib/progress.ts";
import type { Job } from "./plan.ts";
import type { Outcome } from "./run-job.ts";

/** Does all jobs on so many threads; the outcomes are in the order of the jobs. */
export async function runPlan(jobs: readonly Job[], threads: number, progress: Progress): Promise<Outcome[]> {
  const outcomes: Outcome[] = [];
  let next = 0;
  let done = 0;
  const runThread = async (): Promise<void> => {
    const worker = new Worker(new URL("./worker.ts", import.meta.url));
    try {
      while (next < jobs.length) {
        const index = next;
        next += 1;
        outcomes[index] = await ask(worker, jobs[index]!);
        done += 1;
        progress(`${done} of ${jobs.length}: ${describe(jobs[index]!)}`);
      }
    } finally {
      await worker.terminate();
    }
  };
  await Promise.all(Array.from({ length: Math.min(threads, jobs.length) }, runThread));
  return outcomes;
}

function ask(worker: Worker, job: Job): Promise<Outcome> {
  return new Promise((resolve, reject) => {
    const done = (outcome: Outcome): void => {
      worker.off("error", reject);
      resolve(outcome);
    };
    worker.once("message", done);
    worker.once("error", reject);
    worker.postMessage(job);
  });
}

function describe(job: Job): string {
  if (job.kind === "power") return "power";
  return `${job.family}, ${job.cell.referenceRows} against ${job.cell.windowRows}`;
}
