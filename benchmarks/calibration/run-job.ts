import { families } from "./families.ts";
import { type NullResult, runNullCell } from "./null-runs.ts";
import type { Job } from "./plan.ts";
import { type PowerResult, runPower } from "./power-runs.ts";

/** A job with what it came to. */
export type Outcome =
  | { readonly job: Extract<Job, { kind: "null" }>; readonly result: NullResult }
  | { readonly job: Extract<Job, { kind: "power" }>; readonly result: PowerResult };

/** Does one job; the same job gives the same outcome wherever it runs. */
export function runJob(job: Job): Outcome {
  if (job.kind === "power") return { job, result: runPower(job.options) };
  const family = families.find(({ name }) => name === job.family)!;
  return { job, result: runNullCell({ family, ...job.cell }) };
}
