import type { DriftResult } from "../verdict/drift-result.ts";
import type { DriftStatus } from "../verdict/drift-status.ts";

/** What a monitor says of a window. Plain data, like the result in it. */
export interface MonitorVerdict {
  /** `not-enough-data` also where no window is complete yet, or the latest one had no row. */
  readonly status: DriftStatus;
  /** The status in one sentence. */
  readonly reason: string;
  /** Counted from 1 over all windows judged; `null` where none was judged. */
  readonly look: number | null;
  /** The part of `alpha` that was spent on this look; `null` where there was none. */
  readonly level: number | null;
  /** Rows in the window. */
  readonly rows: number;
  readonly window: WindowSpan;
  /** Whether the status differs from that of the look before; true for the first. */
  readonly hasChanged: boolean;
  /** All columns with their evidence; `null` where nothing was judged. */
  readonly result: DriftResult | null;
}

/** Where a window lies in the stream. */
export type WindowSpan =
  /** Row numbers, from 1, both included. */
  | { readonly unit: "rows"; readonly from: number; readonly to: number }
  /** Milliseconds since the Unix epoch; `to` is the first that is not in it. */
  | { readonly unit: "ms"; readonly from: number; readonly to: number };
