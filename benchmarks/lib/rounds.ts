/**
 * The order in which subjects have their turn in a round: `A B C` in even rounds, `C B A` in odd
 * ones, so that none profits from always coming first.
 *
 * @param round - Counted from 0.
 */
export function orderOfRound<Subject>(subjects: readonly Subject[], round: number): Subject[] {
  return round % 2 === 0 ? [...subjects] : subjects.toReversed();
}
