/** Which change of the mean counts. */
export type ChangeDirection = "up" | "down" | "both";

/** The evidence in that direction. */
export function largerOf(direction: ChangeDirection, up: number, down: number): number {
  if (direction === "up") return up;
  if (direction === "down") return down;
  return up > down ? up : down;
}
