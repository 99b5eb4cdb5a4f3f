import type { Settings } from "../settings.ts";

/**
 * The step size for a batch: it rises in a line over the warm-up, and falls all the while along
 * half a cosine wave, to 0 at the end. With b batches before this one of B in all and the warm-up
 * w: `learningRate · min(1, (b + 1) / (w · B)) · (1 + cos(π · b / B)) / 2`.
 */
export function learningRateAt(
  batch: number,
  batches: number,
  { learningRate, warmup }: Pick<Settings, "learningRate" | "warmup">,
): number {
  const rise = Math.min(1, (batch + 1) / (warmup * batches));
  return (learningRate * rise * (1 + Math.cos((Math.PI * batch) / batches))) / 2;
}
