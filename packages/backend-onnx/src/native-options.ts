import { InvalidOptionsError } from "@mlops/core";

import type { OnnxSessionOptions } from "./config.ts";

const choices = {
  graphOptimizationLevel: ["disabled", "basic", "extended", "layout", "all"],
  executionMode: ["sequential", "parallel"],
  enableCpuMemArena: [true, false],
  enableMemPattern: [true, false],
  logSeverityLevel: [0, 1, 2, 3, 4],
} satisfies { readonly [Name in keyof OnnxSessionOptions]: readonly OnnxSessionOptions[Name][] };

/**
 * The options as ONNX Runtime takes them, with this library's defaults.
 *
 * @throws InvalidOptionsError `INVALID_OPTIONS` when one has a value it cannot have.
 */
export function toNativeOptions(sessionOptions: OnnxSessionOptions): object {
  checkChoices(sessionOptions);
  const { spinDurationUs = 50, extra, ...options } = sessionOptions;
  const { intraOpNumThreads, interOpNumThreads, freeDimensionOverrides = {} } = options;
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
  const spinning =
    spinDurationUs === 0 ? { allow_spinning: "0" } : { spin_duration_us: String(spinDurationUs) };
  const given = Object.entries(options).filter(([, value]) => value !== undefined);
  // Not frozen: the runtime puts a proxy over it that reports other values.
  return {
    logSeverityLevel: 4,
    ...Object.fromEntries(given),
    extra: {
      ...extra,
      session: {
        intra_op: spinning,
        inter_op: spinning,
        ...(extra?.["session"] as object | undefined),
      },
    },
  };
}

/**
 * A model of up to so many bytes runs on one thread unless told otherwise. Its operators are
 * shorter than the way to a second thread, which a busy machine may leave waiting for milliseconds.
 */
const maxSingleThreadBytes = 100_000;

/** Whether a model of so many bytes is quickest on one thread. */
export function isQuickestAlone(sizeBytes: number): boolean {
  return sizeBytes <= maxSingleThreadBytes;
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
