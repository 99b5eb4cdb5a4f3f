import type { DriftOptions } from "../detect/drift-options.ts";
import type { Profile } from "../profile/profile.ts";
import type { ProfileRow } from "../profile/profile-data.ts";
import type { DriftResult } from "../verdict/drift-result.ts";
import type { WindowSpan } from "./monitor-verdict.ts";
import type { WindowsState } from "./monitor-state.ts";

/** What became of a row: counted, or passed over because its window has ended, or lies ahead. */
export type RowFate = "counted" | "late" | "early";

/** A window that is due for a verdict. */
export interface DueWindow {
  readonly span: WindowSpan;
  readonly rows: number;
  compare(options: DriftOptions): DriftResult;
}

/** The rows of a stream, kept as counters, window by window; each kind of window has one. */
export interface WatchedWindows {
  /**
   * Counts a row.
   *
   * @param time - When it happened, in milliseconds since the Unix epoch.
   * @param now - The clock.
   */
  add(row: ProfileRow, time: number, now: number): RowFate;
  /** The next window that is due, which it lets go of; `undefined` where none is. */
  takeDue(now: number): DueWindow | undefined;
  /** The window that a verdict is due for next, as far as it is. */
  pending(now: number): { readonly span: WindowSpan; readonly rows: number; readonly reason: string };
  /** Adds what another process counted in the windows that are open. */
  merge(state: WindowsState): void;
  /** Goes on where another left off. To be called once, before any row. */
  restore(state: WindowsState): void;
  toJson(): WindowsState;
}

/** Windows that are counted as profiles: those can be shared by replicas. */
export interface SharedWindows extends WatchedWindows {
  /** The windows that can still be published, by when they begin. */
  profiles(): readonly { readonly from: number; readonly profile: Profile }[];
}
