import { detectDrift } from "../detect/detect-drift.ts";
import type { DriftOptions } from "../detect/drift-options.ts";
import { InvalidDriftOptionsError } from "../errors/invalid-drift-options-error.ts";
import type { ProfileRow } from "../profile/profile-data.ts";
import type { Profile } from "../profile/profile.ts";
import type { DriftResult } from "../verdict/drift-result.ts";
import type { DriftStore } from "./drift-store.ts";
import { LookLevels } from "./look-control.ts";
import type { MonitorHealth } from "./monitor-health.ts";
import type { DriftMonitorOptions, ResolvedMonitorOptions, SelectedRows } from "./monitor-options.ts";
import { type DriftMonitorState, parseMonitorState } from "./monitor-state.ts";
import type { MonitorVerdict, WindowSpan } from "./monitor-verdict.ts";
import type { ResolvedWindow } from "./monitor-window.ts";
import { collectWindow, nextLook, ReplicaCounters } from "./replica-counters.ts";
import { RowWindows } from "./row-windows.ts";
import { SlidingWindows } from "./sliding-windows.ts";
import { TimeWindows } from "./time-windows.ts";
import type { WatchedWindows } from "./watched-windows.ts";

/** How long the store keeps a window's counters, at least. */
const leastTtlMs = 3_600_000;

/** What happens inside a monitor, behind its public face. */
export class MonitorCore {
  readonly #reference: Profile;
  readonly #window: ResolvedWindow;
  readonly #drift: DriftOptions;
  readonly #control: ResolvedMonitorOptions["control"];
  readonly #levels: LookLevels;
  readonly #windows: WatchedWindows;
  readonly #replicas: ReplicaCounters;
  readonly #now: () => number;
  readonly #onVerdict: (verdict: MonitorVerdict) => unknown;
  #rows = 0;
  #lateRows = 0;
  #earlyRows = 0;
  #looks = 0;
  #alarms = 0;
  #selectErrors = 0;
  #onVerdictErrors = 0;
  #lastError: unknown;
  #verdict: MonitorVerdict | null = null;
  #alarm: DriftMonitorState["alarm"] = null;

  constructor(
    { reference, window, alpha, control, drift }: ResolvedMonitorOptions,
    {
      now = Date.now,
      onVerdict = () => undefined,
      from,
    }: Pick<DriftMonitorOptions, "now" | "onVerdict" | "from">,
  ) {
    const state = from === undefined ? undefined : parseMonitorState(from);
    this.#reference = reference;
    this.#window = window;
    this.#drift = drift;
    this.#control = control;
    this.#now = now;
    this.#onVerdict = onVerdict;
    this.#levels = new LookLevels(alpha, control, state?.discoveries);
    this.#windows = createWindows(reference, window);
    this.#replicas = new ReplicaCounters(state?.slots);
    if (state === undefined) return;
    this.#windows.restore(state.windows);
    this.#rows = state.rows;
    this.#lateRows = state.lateRows;
    this.#earlyRows = state.earlyRows;
    this.#looks = state.looks;
    this.#alarms = state.alarms;
    this.#verdict = state.verdict;
    this.#alarm = state.alarm;
  }

  /** Counts what happens in an observer's turn, and lets no error out of it. */
  guard(observe: () => void): void {
    try {
      observe();
    } catch (error) {
      this.#selectErrors += 1;
      this.#lastError = error;
    }
  }

  observe(selected: SelectedRows, time: number | undefined): void {
    if (selected === undefined) return;
    if (!isList(selected)) this.add(selected, time);
    else for (const row of selected) this.add(row, time);
  }

  add(row: ProfileRow, time?: number): void {
    const now = this.#now();
    this.#judgeDue(now);
    const fate = this.#windows.add(row, time ?? now, now);
    if (fate === "counted") this.#rows += 1;
    else if (fate === "late") this.#lateRows += 1;
    else this.#earlyRows += 1;
    this.#judgeDue(now);
  }

  verdict(): MonitorVerdict {
    const now = this.#now();
    this.#judgeDue(now);
    const { span, rows, reason } = this.#windows.pending(now);
    const latest = this.#verdict;
    // A verdict on a window of time is no longer of use when the next window has ended without a row.
    const isPassed = span.unit === "ms" && latest !== null && latest.window.from < span.from;
    if (latest !== null && !isPassed) return latest;
    return {
      status: "not-enough-data",
      reason,
      look: null,
      level: null,
      rows,
      window: span,
      hasChanged: latest?.status !== "not-enough-data",
      result: null,
    };
  }

  alarm(): DriftMonitorState["alarm"] {
    return this.#alarm;
  }

  now(): number {
    return this.#now();
  }

  health(): MonitorHealth {
    return {
      rows: this.#rows,
      lateRows: this.#lateRows,
      earlyRows: this.#earlyRows,
      looks: this.#looks,
      alarms: this.#alarms,
      selectErrors: this.#selectErrors,
      onVerdictErrors: this.#onVerdictErrors,
      lastError: this.#lastError,
    };
  }

  merge(state: DriftMonitorState | string): void {
    const parsed = parseMonitorState(state);
    this.#windows.merge(parsed.windows);
    this.#rows += parsed.rows;
    this.#lateRows += parsed.lateRows;
    this.#earlyRows += parsed.earlyRows;
    this.#judgeDue(this.#now());
  }

  async publish(store: DriftStore, key: string): Promise<void> {
    const { windows, settings } = this.#shared();
    this.#judgeDue(this.#now());
    const ttlMs = Math.max(10 * (settings.ms + settings.lateMs), leastTtlMs);
    await this.#replicas.publish(store, key, windows.profiles(), ttlMs);
  }

  async collect(store: DriftStore, key: string): Promise<MonitorVerdict | undefined> {
    const { windows } = this.#shared();
    const { span } = windows.pending(this.#now());
    const current = await collectWindow(store, key, span.from, this.#reference);
    if (current === undefined) return undefined;
    const look = await nextLook(store, key);
    return this.#judge(look, { span, rows: current.rows }, (options) =>
      detectDrift(this.#reference, current, options),
    );
  }

  toJson(): DriftMonitorState {
    const discoveries = this.#levels.toJson();
    return {
      format: "mlops.drift.monitor",
      version: 1,
      looks: this.#looks,
      alarms: this.#alarms,
      ...(discoveries && { discoveries: { ...discoveries, discoveries: [...discoveries.discoveries] } }),
      rows: this.#rows,
      lateRows: this.#lateRows,
      earlyRows: this.#earlyRows,
      verdict: this.#verdict,
      alarm: this.#alarm,
      windows: this.#windows.toJson(),
      slots: this.#replicas.toJson(),
    };
  }

  #judgeDue(now: number): void {
    for (;;) {
      const due = this.#windows.takeDue(now);
      if (due === undefined) return;
      // Of a shared window this process has a part only.
      if (this.#window.kind === "time" && this.#window.shared) continue;
      this.#judge(this.#looks + 1, due, (options) => due.compare(options));
    }
  }

  #judge(
    look: number,
    { span, rows }: { readonly span: WindowSpan; readonly rows: number },
    compare: (options: DriftOptions) => DriftResult,
  ): MonitorVerdict {
    const level = this.#levels.levelOf(look);
    const result = compare({ ...this.#drift, ...this.#levels.optionsOf(look) });
    this.#levels.settle(result);
    const { status, reason } = result;
    const hasChanged = this.#verdict?.status !== status;
    const verdict: MonitorVerdict = { status, reason, look, level, rows, window: span, hasChanged, result };
    this.#looks += 1;
    this.#verdict = verdict;
    if (status === "drift") {
      this.#alarms += 1;
      this.#alarm = { at: this.#now(), verdict };
    }
    this.#tell(verdict);
    return verdict;
  }

  /** What the listener does wrong is its own affair. */
  #tell(verdict: MonitorVerdict): void {
    const count = (error: unknown): void => {
      this.#onVerdictErrors += 1;
      this.#lastError = error;
    };
    try {
      const told = this.#onVerdict(verdict);
      if (isThenable(told)) Promise.resolve(told).catch(count);
    } catch (error) {
      count(error);
    }
  }

  #shared(): { readonly windows: TimeWindows; readonly settings: Extract<ResolvedWindow, { kind: "time" }> } {
    const settings = this.#window;
    const windows = this.#windows;
    if (!(windows instanceof TimeWindows) || settings.kind !== "time" || !settings.shared) {
      throw new InvalidDriftOptionsError({
        option: "window.shared",
        problem: "is not true",
        remedy: "Pass window: { ms, shared: true }, so that all replicas have the same windows.",
      });
    }
    if (this.#control === "false-discovery-rate") {
      throw new InvalidDriftOptionsError({
        option: "control",
        problem: 'is "false-discovery-rate", whose state the replicas do not share',
        remedy: 'Pass "ever" or { looks }.',
      });
    }
    return { windows, settings };
  }
}

function createWindows(reference: Profile, window: ResolvedWindow): WatchedWindows {
  switch (window.kind) {
    case "rows":
      return new RowWindows(reference, window.rows);
    case "sliding":
      return new SlidingWindows(reference, window);
    case "time":
      return new TimeWindows(reference, window);
  }
}

function isList(selected: Exclude<SelectedRows, undefined>): selected is readonly ProfileRow[] {
  return Array.isArray(selected);
}

function isThenable(value: unknown): value is PromiseLike<unknown> {
  return typeof value === "object" && value !== null && "then" in value && typeof value.then === "function";
}
