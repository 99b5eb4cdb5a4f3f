// A thread of the calibration benchmark: takes jobs, gives outcomes.
import { parentPort } from "node:worker_threads";

import type { Job } from "./plan.ts";
import { runJob } from "./run-job.ts";

parentPort!.on("message", (job: Job) => {
  parentPort!.postMessage(runJob(job));
});
