/** Something of the reference, and the same of the current data. */
export interface Sides<Value> {
  readonly reference: Value;
  readonly current: Value;
}

/** Does the same for both. */
export function mapSides<From, To>(sides: Sides<From>, map: (value: From) => To): Sides<To> {
  return { reference: map(sides.reference), current: map(sides.current) };
}

/** 1/n + 1/m: the variance of a difference of shares is at most a quarter of it. */
export function inverseRows({ reference, current }: Sides<number>): number {
  return 1 / reference + 1 / current;
}

/** nm/(n + m): how many rows of one sample the comparison is worth. */
export function harmonicRows(rows: Sides<number>): number {
  return 1 / inverseRows(rows);
}
