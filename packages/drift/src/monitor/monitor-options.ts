import { type DriftOptions, resolveDriftOptions } from "../detect/drift-options.ts";
import { InvalidDriftOptionsError } from "../errors/invalid-drift-options-error.ts";
import { profile } from "../profile/create-profile.ts";
import type { ProfileData, ProfileRow } from "../profile/profile-data.ts";
import type { Profile } from "../profile/profile.ts";
import type { LookControl } from "./look-control.ts";
import type { DriftMonitorState } from "./monitor-state.ts";
import type { MonitorVerdict } from "./monitor-verdict.ts";
import type { MonitorWindow, ResolvedWindow } from "./monitor-window.ts";
import type { ObservedPrediction } from "./observed-prediction.ts";

/** What `select` gives: the row, or the rows, to count of an event; `undefined` to pass it over. */
export type SelectedRows = ProfileRow | readonly ProfileRow[] | undefined;

/** Options of `createDriftMonitor`. */
export interface DriftMonitorOptions<Event = ObservedPrediction> extends Omit<
  DriftOptions,
  "look" | "referenceWeights" | "currentWeights"
> {
  /** A profile, or rows, columns or an Arrow table to profile. */
  readonly reference: Profile | ProfileData;
  /** Which rows are judged together. By default 1,000 rows. */
  readonly window?: MonitorWindow;
  /** What `alpha` bounds, over all looks at the stream. By default `"ever"`. */
  readonly control?: LookControl;
  /**
   * The row of an event. By default the `input` of a successful one, if it is an object. What it throws is
   * counted in `health()`, and the event is passed over.
   */
  readonly select?: (event: Event) => SelectedRows;
  /** When an event happened, in milliseconds since the Unix epoch. By default its `startedAt`. */
  readonly time?: (event: Event) => number;
  /** Is told each verdict. What it throws, or rejects with, is counted in `health()`. */
  readonly onVerdict?: (verdict: MonitorVerdict) => unknown;
  /** The clock, in milliseconds since the Unix epoch. By default `Date.now`. */
  readonly now?: () => number;
  /** What `toJson` of a monitor with the same options gave: this one goes on where it was. */
  readonly from?: DriftMonitorState | string;
}

/** {@link DriftMonitorOptions} with their defaults, checked. */
export interface ResolvedMonitorOptions {
  /** Without the excluded columns. */
  readonly reference: Profile;
  readonly window: ResolvedWindow;
  readonly alpha: number;
  readonly control: LookControl;
  /** For `detectDrift`, but for the level. */
  readonly drift: DriftOptions;
}

/** @throws InvalidDriftOptionsError `INVALID_DRIFT_OPTIONS` for options outside their ranges. */
export function resolveMonitorOptions<Event>(options: DriftMonitorOptions<Event>): ResolvedMonitorOptions {
  const { correction, materialShift, materialSpecialShare, materialMeanShift } = options;
  const { detectableShift, confidence, seed, columns } = options;
  const { alpha, exclude } = resolveDriftOptions(withoutUndefined({ ...options, look: undefined }));
  const given = isProfile(options.reference)
    ? options.reference
    : profile(options.reference, columns === undefined ? {} : { columns });
  const reference = { ...given, columns: given.columns.filter(({ name }) => !exclude.has(name)) };
  const window = resolveWindow(options.window ?? { rows: 1_000 }, reference);
  const control = resolveControl(options.control ?? "ever", window);
  const drift = withoutUndefined({
    correction,
    materialShift,
    materialSpecialShare,
    materialMeanShift,
    detectableShift,
    confidence,
    seed,
  });
  return { reference, window, alpha, control, drift };
}

function resolveWindow(window: MonitorWindow, reference: Profile): ResolvedWindow {
  if (typeof window !== "object" || window === null)
    refuse("window", window, "{ rows: 1000 } or { ms: 60000 }");
  if ("ms" in window) {
    const { ms, lateMs = 0, shared = false } = window;
    checkWhole("window.ms", ms, 1);
    checkWhole("window.lateMs", lateMs, 0);
    if (typeof shared !== "boolean") refuse("window.shared", shared, "true or false");
    // Each open window costs memory.
    if (lateMs > 1_000 * ms) refuse("window.lateMs", lateMs, "at most 1,000 times window.ms");
    return { kind: "time", ms, lateMs, shared };
  }
  const { rows } = window;
  checkWhole("window.rows", rows, 1);
  if (window.sliding !== true) return { kind: "rows", rows };
  const every = window.every ?? Math.max(Math.floor(rows / 10), 1);
  checkWhole("window.every", every, 1);
  if (reference.weight !== reference.rows) {
    refuse("reference", "weighted", "a reference without weights, or a window that does not slide");
  }
  return { kind: "sliding", rows, every };
}

function resolveControl(control: LookControl, window: ResolvedWindow): LookControl {
  if (control === "ever") return control;
  if (control === "false-discovery-rate") {
    if (window.kind === "sliding") {
      refuse("control", control, '"ever" or { looks }: sliding windows overlap, so they are not independent');
    }
    return control;
  }
  const isObject = typeof control === "object" && control !== null;
  if (!isObject) refuse("control", control, '"ever", "false-discovery-rate" or { looks: 100 }');
  checkWhole("control.looks", control.looks, 1);
  return { looks: control.looks };
}

function checkWhole(option: string, value: unknown, least: number): void {
  if (Number.isSafeInteger(value) && Number(value) >= least) return;
  refuse(option, value, `a whole number from ${least}`);
}

function refuse(option: string, value: unknown, wanted: string): never {
  const problem = `is ${typeof value === "string" ? JSON.stringify(value) : String(value)}`;
  throw new InvalidDriftOptionsError({ option, problem, remedy: `Pass ${wanted}.` });
}

/** Whether it is a profile: in columns of data there is no column that is a number. */
function isProfile(value: Profile | ProfileData): value is Profile {
  return "squaredWeight" in value && typeof value.squaredWeight === "number" && Array.isArray(value.columns);
}

type Defined<Options> = { [Name in keyof Options]: Exclude<Options[Name], undefined> };

/** The options that are given: an option that is undefined counts as absent. */
function withoutUndefined<Options extends object>(options: Options): Partial<Defined<Options>> {
  const given = Object.entries(options).filter(([, value]) => value !== undefined);
  // What is left of the same object.
  return Object.fromEntries(given) as Partial<Defined<Options>>;
}
