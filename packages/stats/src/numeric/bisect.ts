/**
 * Where a function changes sign between `low` and `high`, to the last bit: it halves the range until no
 * double lies between its ends. `isBelow` tells whether the root lies above the place it is asked for,
 * and has to hold at `low` and fail at `high`; where it does not, the result is that end.
 */
export function bisect(isBelow: (place: number) => boolean, low: number, high: number): number {
  let below = low;
  let above = high;
  // Each round halves the range: 200 rounds reach the last bit of any root above 1e-60 of the range.
  for (let round = 0; round < 200; round += 1) {
    const middle = below + (above - below) / 2;
    if (middle <= below || middle >= above) break;
    if (isBelow(middle)) below = middle;
    else above = middle;
  }
  return below + (above - below) / 2;
}
