import { InvalidDriftOptionsError } from "../errors/invalid-drift-options-error.ts";
import type { DriftStatus } from "../verdict/drift-status.ts";
import type { MonitorVerdict } from "./monitor-verdict.ts";

/** Options of `DriftMonitor.asGuardrail`. */
export interface DriftGuardrailOptions {
  /** What it is called in its reasons. By default `"drift"`. */
  readonly name?: string;
  /** It passes only with so many rows in the latest window, a whole number from 0. By default 0. */
  readonly minimumRows?: number;
  /** For how long a verdict of drift fails the guardrail, whatever comes after. By default 60,000 ms. */
  readonly holdMs?: number;
}

/** A guardrail's answer; it has the shape that a rollout of `@mlops/rollout` asks for. */
export interface DriftGuardrailVerdict {
  readonly status: "pass" | "fail" | "inconclusive" | "no-data" | "error";
  readonly reason: string;
  readonly evidence: {
    /** Rows in the window. */
    readonly samples: number;
    /** The largest change of a column, with its interval. */
    readonly estimate?: number;
    readonly low?: number;
    readonly high?: number;
    /** From which size on it matters. */
    readonly limit?: number;
    readonly unit?: string;
  };
}

/** Something that a rollout can ask. */
export interface DriftGuardrail {
  readonly name: string;
  judge(): DriftGuardrailVerdict;
}

/** What the guardrail asks a monitor for. */
export interface GuardedMonitor {
  verdict(): MonitorVerdict;
  /** The latest verdict of drift, and when it was given. */
  alarm(): { readonly at: number; readonly verdict: MonitorVerdict } | null;
  now(): number;
}

/**
 * - `fail` for drift, now or within `holdMs`;
 * - `pass` for a stable window with `minimumRows`;
 * - `inconclusive` where there are rows, and too few;
 * - `no-data` where there are none, or no window is complete;
 * - `error` where no column could be compared.
 *
 * Asking changes nothing, so it may be asked as often as one likes.
 *
 * @throws InvalidDriftOptionsError `INVALID_DRIFT_OPTIONS`
 */
export function createGuardrail(monitor: GuardedMonitor, options: DriftGuardrailOptions): DriftGuardrail {
  const { name = "drift", minimumRows = 0, holdMs = 60_000 } = options;
  check("name", name, typeof name === "string" && name !== "", "a text");
  check(
    "minimumRows",
    minimumRows,
    Number.isSafeInteger(minimumRows) && minimumRows >= 0,
    "a whole number from 0",
  );
  check("holdMs", holdMs, holdMs >= 0, "a number of milliseconds from 0");
  return {
    name,
    judge: () => {
      const latest = monitor.verdict();
      const alarm = monitor.alarm();
      const isHeld = alarm !== null && monitor.now() - alarm.at <= holdMs;
      const verdict = latest.status !== "drift" && isHeld ? alarm.verdict : latest;
      const status = statusOf(verdict, minimumRows);
      const isTooSmall = verdict.status === "stable" && status === "inconclusive";
      const reason = isTooSmall
        ? `${verdict.rows} rows, and at least ${minimumRows} are asked for.`
        : verdict.reason;
      return { status, reason: `${name}: ${reason}`, evidence: evidenceOf(verdict) };
    },
  };
}

function statusOf(verdict: MonitorVerdict, minimumRows: number): DriftGuardrailVerdict["status"] {
  // Drift that few rows show is shown all the same.
  if (verdict.status === "drift") return "fail";
  if (verdict.rows === 0 || verdict.look === null) return "no-data";
  if (verdict.status === "stable" && verdict.rows < minimumRows) return "inconclusive";
  return statuses[verdict.status];
}

const statuses: Readonly<Record<DriftStatus, DriftGuardrailVerdict["status"]>> = {
  drift: "fail",
  invalid: "error",
  "not-enough-data": "inconclusive",
  stable: "pass",
};

function evidenceOf({ rows, result }: MonitorVerdict): DriftGuardrailVerdict["evidence"] {
  const effect = result?.columns[0]?.evidence[0]?.effect;
  if (effect === undefined) return { samples: rows };
  const { estimate, low, high, threshold, measure } = effect;
  const unit = measure === "standardized-mean-shift" ? "standard deviations" : "share of rows";
  return { samples: rows, estimate, low, high, limit: threshold, unit };
}

function check(option: string, value: unknown, isValid: boolean, wanted: string): void {
  if (isValid) return;
  throw new InvalidDriftOptionsError({ option, problem: `is ${String(value)}`, remedy: `Pass ${wanted}.` });
}
