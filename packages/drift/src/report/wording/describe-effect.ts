import type { Effect } from "../../verdict/evidence.ts";
import { formatDifference, formatLevel, formatNumber, formatShare } from "./format-number.ts";

/** An effect in its own units, in short: "+5.7 %", "0.6 SD". */
export function describeEstimate({ measure, estimate }: Effect): string {
  if (measure === "standardized-mean-shift") return `${formatNumber(estimate)}\u00a0SD`;
  return measure === "share-difference" ? formatDifference(estimate) : formatShare(estimate);
}

/** The interval of an effect: "4.6 to 6.8 %". */
export function describeInterval({ measure, low, high }: Effect): string {
  if (measure === "standardized-mean-shift") return `${formatNumber(low)} to ${formatNumber(high)}\u00a0SD`;
  const unit = "\u00a0%";
  const [from, to] = [formatShare(low), formatShare(high)];
  const isPlain = from.endsWith(unit) && !from.startsWith("<") && !from.startsWith(">");
  return isPlain ? `${from.slice(0, -unit.length)} to ${to}` : `${from} to ${to}`;
}

/** From which size on it matters: "5 %", "0.125 SD". */
export function describeThreshold({ measure, threshold }: Effect): string {
  return measure === "standardized-mean-shift"
    ? `${formatNumber(threshold)}\u00a0SD`
    : formatLevel(threshold);
}
