/** The height of a full bar in the paths below. */
export const fullHeight = 96;

/**
 * Shares side by side as the outline of a histogram: one unit wide each, from the left, with 0 at the bottom
 * and `largest` so much higher. Steps are relative and whole, which keeps pages small.
 */
export function stepOutline(shares: readonly number[], largest: number): string {
  let path = `M0 ${fullHeight + 3}`;
  let height = 0;
  let width = 0;
  for (const share of shares) {
    const next = largest > 0 ? Math.round((share / largest) * fullHeight) : 0;
    if (next !== height) {
      path += `${width > 0 ? `h${width}` : ""}v${height - next}`;
      width = 0;
    }
    height = next;
    width += 1;
  }
  return `${path}h${width}v${height}`;
}
