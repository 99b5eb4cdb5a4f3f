import { z } from "zod";

import type { Experiment, Sticky } from "./experiment.ts";

const milliseconds = z.number().min(0).max(315_360_000_000);
const bucketVersion = z.number().int().min(0).max(1e9);

/** What an experiment that came from outside has to be. */
export const experimentSchema: z.ZodType<Experiment> = z
  .strictObject({
    kind: z.enum(["ab-test", "bandit"]),
    variants: z
      .array(z.strictObject({ version: z.string().min(1).max(128), weight: z.number().gt(0).lt(1) }))
      .min(1)
      .max(20),
    metric: z.strictObject({
      name: z.string().min(1).max(64),
      kind: z.enum(["share", "mean"]),
      goal: z.enum(["increase", "decrease"]),
      attributionMs: milliseconds.min(1),
    }),
    minimumKeys: z.number().int().min(20).max(1e9),
    falseWinnerRate: z.number().gt(0).lt(0.5),
    minimumEffect: z.number().min(0),
    onUndecided: z.strictObject({
      deadlineMs: milliseconds.nullable(),
      afterwards: z.enum(["rollback", "pause"]),
    }),
    reweighting: z
      .strictObject({
        // Weights are in thousandths, and one of 0 would end all comparisons.
        floor: z.number().min(0.001).max(0.5),
        everyMs: milliseconds.min(1),
        minimumShift: z.number().min(0).max(1),
      })
      .nullable(),
  })
  .check(({ value: { kind, variants, reweighting }, issues }) => {
    const refuse = (path: (string | number)[], message: string): void => {
      issues.push({ code: "custom", input: variants, path, message });
    };
    const sum = variants.reduce((total, { weight }) => total + weight, 0);
    if (sum > 1 - 1e-4) {
      refuse(["variants"], `have weights of ${sum} together, which leave the stable version nothing`);
    }
    if (new Set(variants.map(({ version }) => version)).size < variants.length) {
      refuse(["variants"], "have a version twice");
    }
    if ((kind === "bandit") !== (reweighting !== null)) {
      refuse(["reweighting"], "is for a bandit, and a bandit needs it");
    }
    if (reweighting !== null && reweighting.floor * (variants.length + 1) > 1) {
      refuse(["reweighting", "floor"], "is more than an equal part of the keys");
    }
  });

/** What a policy's stickiness has to be. */
export const stickySchema: z.ZodType<Sticky> = z.strictObject({
  bucketVersion,
  minimumBucketVersion: bucketVersion,
  fallbackAttribute: z.string().min(1).max(128).nullable(),
});
