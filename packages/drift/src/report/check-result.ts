import { InvalidDriftOptionsError } from "../errors/invalid-drift-options-error.ts";
import type { DriftResult } from "../verdict/drift-result.ts";

/** Refuses what is no result, or one of a version that this code does not know. */
export function checkResult(result: DriftResult): void {
  // What was read from a file may be anything.
  const { format, version } = (result ?? {}) as Partial<Record<"format" | "version", unknown>>;
  if (format === "mlops.drift.result" && version === 1) return;
  throw new InvalidDriftOptionsError({
    option: "result",
    problem: `has the format ${JSON.stringify(format)} and the version ${JSON.stringify(version)}`,
    remedy: "Pass what detectDrift returned, or that as it was read back from JSON.",
  });
}
