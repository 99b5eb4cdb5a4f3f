import { z } from "zod";
import { InvalidProfileError } from "../errors/invalid-profile-error.ts";
import type { ProfileJson } from "../profile/profile-schema.ts";
import type { MonitorVerdict } from "./monitor-verdict.ts";

/** All that a monitor knows, as plain JSON; see `DriftMonitor.toJson`. */
export interface DriftMonitorState {
  readonly format: "mlops.drift.monitor";
  readonly version: 1;
  readonly looks: number;
  readonly alarms: number;
  /** The state of the online false discovery rate, where that is controlled. */
  readonly discoveries?: { readonly alpha: number; readonly tested: number; readonly discoveries: number[] };
  readonly rows: number;
  readonly lateRows: number;
  readonly earlyRows: number;
  readonly verdict: MonitorVerdict | null;
  readonly alarm: { readonly at: number; readonly verdict: MonitorVerdict } | null;
  readonly windows: WindowsState;
  /** Under which number this process publishes the window that begins at `from`. */
  readonly slots: readonly { readonly key: string; readonly from: number; readonly slot: number }[];
}

/** The rows of a monitor. */
export type WindowsState =
  | { readonly kind: "rows"; readonly passed: number; readonly profile: ProfileJson }
  | {
      readonly kind: "time";
      readonly ms: number;
      readonly open: readonly { readonly from: number; readonly profile: ProfileJson }[];
      readonly latest?: { readonly from: number; readonly profile: ProfileJson };
    }
  | {
      readonly kind: "sliding";
      readonly rows: number;
      /** Rows seen. */
      readonly passed: number;
      /** The reference's fingerprint: other cells would give other counts. */
      readonly reference: string;
      /** Per column and subject, the cells of the rows in the window, the oldest first, as text. */
      readonly streams: readonly string[];
    };

/**
 * Checks what {@link DriftMonitorState} says of itself. The profiles in it are checked where they are
 * read; the verdicts are this package's own output and are checked for their status only.
 *
 * @throws InvalidProfileError `INVALID_PROFILE`
 */
export function parseMonitorState(json: unknown): DriftMonitorState {
  const parsed = stateSchema().safeParse(typeof json === "string" ? parseText(json) : json);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw refuseState(issue?.path.join(".") ?? "", `is not valid: ${issue?.message ?? "unknown"}`);
}

/** The error for a state that cannot be gone on from. */
export function refuseState(path: string, problem: string, cause?: unknown): InvalidProfileError {
  return new InvalidProfileError({ path: `the monitor's state ${path}`.trim(), problem, cause });
}

function parseText(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw refuseState("", "is no JSON", cause);
  }
}

/** In a function, so that bundlers can leave it out where no state is read. */
function stateSchema(): z.ZodType<DriftMonitorState> {
  const count = z.number().int().min(0).max(Number.MAX_SAFE_INTEGER);
  const profile = z.custom<ProfileJson>((value) => typeof value === "object" && value !== null);
  const verdict = z.custom<MonitorVerdict>(
    (value) =>
      z.looseObject({ status: z.string(), reason: z.string(), rows: count }).safeParse(value).success,
  );
  const at = z.number();
  return z.strictObject({
    format: z.literal("mlops.drift.monitor"),
    version: z.literal(1),
    looks: count,
    alarms: count,
    discoveries: z
      .strictObject({ alpha: z.number().gt(0).lt(1), tested: count, discoveries: z.array(count).max(1_000) })
      .exactOptional(),
    rows: count,
    lateRows: count,
    earlyRows: count,
    verdict: verdict.nullable(),
    alarm: z.strictObject({ at, verdict }).nullable(),
    windows: z.discriminatedUnion("kind", [
      z.strictObject({ kind: z.literal("rows"), passed: count, profile }),
      z.strictObject({
        kind: z.literal("time"),
        ms: count,
        open: z.array(z.strictObject({ from: at, profile })).max(100_000),
        latest: z.strictObject({ from: at, profile }).exactOptional(),
      }),
      z.strictObject({
        kind: z.literal("sliding"),
        rows: count,
        passed: count,
        reference: z.string(),
        streams: z.array(z.string()).max(200_000),
      }),
    ]),
    slots: z.array(z.strictObject({ key: z.string(), from: at, slot: count })).max(100_000),
  });
}
