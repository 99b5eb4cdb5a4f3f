import { detectDrift } from "../detect/detect-drift.ts";
import type { DriftOptions } from "../detect/drift-options.ts";
import type { ProfileRow } from "../profile/profile-data.ts";
import { createProfileBuilder, type ProfileBuilder } from "../profile/profile-builder.ts";
import type { Profile } from "../profile/profile.ts";
import { parseProfile, profileToJson } from "../profile/profile-json.ts";
import { refuseState, type WindowsState } from "./monitor-state.ts";
import type { WindowSpan } from "./monitor-verdict.ts";
import type { ResolvedWindow } from "./monitor-window.ts";
import type { DueWindow, RowFate, SharedWindows } from "./watched-windows.ts";

type TimeSettings = Extract<ResolvedWindow, { kind: "time" }>;

/**
 * Windows of a span of time. Open are those that have not ended for longer than `lateMs`, and one
 * ahead of the clock, for those whose clock is ahead; so there are at most ⌈lateMs / ms⌉ + 3.
 */
export class TimeWindows implements SharedWindows {
  readonly #reference: Profile;
  readonly #settings: TimeSettings;
  /** By when they begin. */
  readonly #open = new Map<number, ProfileBuilder>();
  /** The latest that was let go of, for replicas that have not published it to the end. */
  #latest: { readonly from: number; readonly profile: Profile } | undefined;

  constructor(reference: Profile, settings: TimeSettings) {
    this.#reference = reference;
    this.#settings = settings;
  }

  add(row: ProfileRow, time: number, now: number): RowFate {
    const { ms, lateMs } = this.#settings;
    const from = beginOf(time, ms);
    if (!(from + ms + lateMs > now)) return "late";
    if (!(from <= now + ms)) return "early";
    let builder = this.#open.get(from);
    if (builder === undefined) {
      builder = createProfileBuilder({ reference: this.#reference });
      this.#open.set(from, builder);
    }
    builder.add(row);
    return "counted";
  }

  takeDue(now: number): DueWindow | undefined {
    const { ms, lateMs } = this.#settings;
    let from = Infinity;
    for (const begin of this.#open.keys()) from = Math.min(from, begin);
    if (from + ms + lateMs > now) return undefined;
    const current = this.#open.get(from)!.build();
    this.#open.delete(from);
    this.#latest = { from, profile: current };
    return {
      span: { unit: "ms", from, to: from + ms },
      rows: current.rows,
      compare: (options: DriftOptions) => detectDrift(this.#reference, current, options),
    };
  }

  pending(now: number): { readonly span: WindowSpan; readonly rows: number; readonly reason: string } {
    const { ms, lateMs } = this.#settings;
    // The latest that has come to its end.
    const from = beginOf(now - lateMs, ms) - ms;
    const rows = this.#latest?.from === from ? this.#latest.profile.rows : 0;
    const span: WindowSpan = { unit: "ms", from, to: from + ms };
    return { span, rows, reason: `The latest complete window of ${ms} ms has ${rows} rows.` };
  }

  profiles(): readonly { readonly from: number; readonly profile: Profile }[] {
    const open = Array.from(this.#open, ([from, builder]) => ({ from, profile: builder.build() }));
    return this.#latest === undefined ? open : [this.#latest, ...open];
  }

  merge(state: WindowsState): void {
    if (state.kind !== "time") throw refuseState("windows.kind", `is ${state.kind}, and not time`);
    if (state.ms !== this.#settings.ms) {
      throw refuseState("windows.ms", `is ${state.ms}, and not ${this.#settings.ms}`);
    }
    for (const { from, profile } of state.open) {
      const builder = this.#open.get(from) ?? createProfileBuilder({ reference: this.#reference });
      builder.merge(parseProfile(profile));
      this.#open.set(from, builder);
    }
  }

  restore(state: WindowsState): void {
    this.merge(state);
    if (state.kind !== "time" || state.latest === undefined) return;
    this.#latest = { from: state.latest.from, profile: parseProfile(state.latest.profile) };
  }

  toJson(): WindowsState {
    const open = Array.from(this.#open, ([from, builder]) => ({
      from,
      profile: profileToJson(builder.build()),
    })).sort((left, right) => left.from - right.from);
    const latest = this.#latest;
    return {
      kind: "time",
      ms: this.#settings.ms,
      open,
      ...(latest && { latest: { from: latest.from, profile: profileToJson(latest.profile) } }),
    };
  }
}

/** When the window of a moment begins. */
function beginOf(time: number, ms: number): number {
  return Math.floor(time / ms) * ms;
}
