import { InvalidOptionsError } from "@mlops/core";

import type { OnnxSessionOptions } from "./config.ts";

const choices = {
  graphOptimizationLevel: ["disabled", "basic", "extended", "layout", "all"],
  executionMode: ["sequential", "parallel"],
  enableCpuMemArena: [true, false],
  enableMemPattern: [true, false],
  logSeverityLevel: [0, 1, 2, 3, 4],
} satisfies { readonly [Name in keyof OnnxSessionOptions]: readonly OnnxSessionOptions[Name][] };

/** What spinning is left at unless told otherwise, in microseconds. */
export const defaultSpinDurationUs = 50;

/** @throws InvalidOptionsError `INVALID_OPTIONS` when one has a value it cannot have. */
export function checkSessionOptions(options: OnnxSessionOptions): void {
  checkChoices(options);
  const { intraOpNumThreads, interOpNumThreads, freeDimensionOverrides = {} } = options;
  const { spinDurationUs = defaultSpinDurationUs } = options;
  const counts = {
    intraOpNumThreads,
    interOpNumThreads,
    ...prefixed("freeDimensionOverrides", freeDimensionOverrides),
  };
  for (const [option, count] of Object.entries(counts)) {
    if (count === undefined || (Number.isInteger(count) && count >= 1)) continue;
    throw new InvalidOptionsError({
      option: `session.${option}`,
      problem: `is ${String(count)}; it has to be a whole number of at least 1`,
    });
  }
  if (!(Number.isInteger(spinDurationUs) && spinDurationUs >= 0)) {
    throw new InvalidOptionsError({
      option: "session.spinDurationUs",
      problem: `is ${String(spinDurationUs)}; it has to be a whole number of microseconds of at least 0`,
    });
  }
}

function checkChoices(options: OnnxSessionOptions): void {
  for (const [option, allowed] of Object.entries(choices)) {
    const value: unknown = Reflect.get(options, option);
    if (value === undefined || (allowed as readonly unknown[]).includes(value)) continue;
    throw new InvalidOptionsError({
      option: `session.${option}`,
      problem: `is ${JSON.stringify(value)}; it has to be one of ${allowed.join(", ")}`,
    });
  }
}

function prefixed(prefix: string, record: Readonly<Record<string, number>>): Record<string, number> {
  return Object.fromEntries(Object.entries(record).map(([name, value]) => [`${prefix}.${name}`, value]));
}
