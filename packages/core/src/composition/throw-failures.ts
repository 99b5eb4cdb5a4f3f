/** Throws what could not be closed: the error of one, or those of several together. */
export function throwFailures(results: readonly PromiseSettledResult<void>[], model: string): void {
  const errors = results.flatMap((result) =>
    result.status === "rejected" ? [result.reason as unknown] : [],
  );
  const [first] = errors;
  if (errors.length === 0) return;
  if (errors.length === 1) throw first;
  const problem = first instanceof Error ? first.message : String(first);
  throw new AggregateError(
    errors,
    `${errors.length} parts of the predictor ${model} could not be closed; the first: ${problem}`,
  );
}
