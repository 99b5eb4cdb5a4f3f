import type { TypedArray } from "../tensor/dtype.ts";

/**
 * Copies what two row-major arrays have in common, from the first corner: along each dimension as
 * many elements as the shorter one has. So it pads, into a larger one, and cuts, into a smaller one.
 */
export function copyBox(
  source: TypedArray,
  sourceShape: readonly number[],
  target: TypedArray,
  targetShape: readonly number[],
): void {
  // Dimensions that agree from some one on are one run of elements.
  let split = sourceShape.length;
  let inner = 1;
  while (split > 0 && sourceShape[split - 1] === targetShape[split - 1]) {
    split -= 1;
    inner *= sourceShape[split]!;
  }
  if (split === 0) {
    target.set(source as never);
    return;
  }
  const copy = (axis: number, from: number, to: number): void => {
    const common = Math.min(sourceShape[axis]!, targetShape[axis]!);
    if (axis === split - 1) {
      target.set(source.subarray(from * inner, (from + common) * inner) as never, to * inner);
      return;
    }
    for (let index = 0; index < common; index += 1) {
      const [nextFrom, nextTo] = [from + index, to + index];
      copy(axis + 1, nextFrom * sourceShape[axis + 1]!, nextTo * targetShape[axis + 1]!);
    }
  };
  copy(0, 0, 0);
}
