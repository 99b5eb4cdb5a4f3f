/**
 * Runs `run` for each input, at most `atOnce` at a time, in their order.
 *
 * @returns The outcome of each, in the same order.
 */
export async function settleAll<Input, Output>(
  inputs: readonly Input[],
  atOnce: number,
  run: (input: Input) => Promise<Output>,
): Promise<PromiseSettledResult<Output>[]> {
  const results: PromiseSettledResult<Output>[] = Array.from({ length: inputs.length });
  let next = 0;
  const work = async (): Promise<void> => {
    for (let index = next; index < inputs.length; index = next) {
      next += 1;
      try {
        results[index] = { status: "fulfilled", value: await run(inputs[index]!) };
      } catch (reason) {
        results[index] = { status: "rejected", reason };
      }
    }
  };
  await Promise.all(Array.from({ length: Math.min(atOnce, inputs.length) }, work));
  return results;
}
