/** One bar for each side. */
export interface PlottedBin {
  /** A category, a special cell in angle brackets such as `<missing>`, or the range as text. */
  readonly label: string;
  readonly kind: "range" | "category" | "special";
  /** For ranges: above `from`, at most `to`; equal for a single value. `null` without end, or for no range. */
  readonly from: number | null;
  readonly to: number | null;
  /** In [0, 1], of all rows of the side. */
  readonly referenceShare: number;
  readonly currentShare: number;
}
