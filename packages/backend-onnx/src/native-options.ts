import type { OnnxSessionOptions } from "./config.ts";
import { checkSessionOptions, defaultSpinDurationUs } from "./check-session-options.ts";

/**
 * The options as ONNX Runtime takes them, with this library's defaults.
 *
 * @throws InvalidOptionsError `INVALID_OPTIONS` when one has a value it cannot have.
 */
export function toNativeOptions(sessionOptions: OnnxSessionOptions): object {
  checkSessionOptions(sessionOptions);
  const { spinDurationUs = defaultSpinDurationUs, extra, ...options } = sessionOptions;
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
