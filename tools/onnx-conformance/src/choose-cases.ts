/** A case to choose from. */
export interface Candidate {
  readonly name: string;
  /** The only operator of its model. */
  readonly operator: string;
}

/**
 * Chooses cases that stand for all: one of each operator, in alphabetical order of both, then a
 * second of each that has one, and so on until there are `count`.
 */
export function chooseCases(candidates: readonly Candidate[], count: number): readonly string[] {
  const byOperator = new Map<string, string[]>();
  const sorted = candidates.toSorted((one, other) => (one.name < other.name ? -1 : 1));
  for (const { operator, name } of sorted) {
    const names = byOperator.get(operator);
    if (names === undefined) byOperator.set(operator, [name]);
    else names.push(name);
  }
  const operators = [...byOperator.keys()].toSorted();
  const chosen: string[] = [];
  for (let round = 0; chosen.length < Math.min(count, candidates.length); round += 1) {
    for (const operator of operators) {
      const name = byOperator.get(operator)?.[round];
      if (name !== undefined && chosen.length < count) chosen.push(name);
    }
  }
  return chosen.toSorted();
}
