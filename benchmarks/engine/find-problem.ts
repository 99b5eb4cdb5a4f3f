import type { Exchange } from "./requests.ts";

/** Says what is wrong with an answer. Its first and last value count: batches put other rows there. */
export function findProblem(answer: Float32Array, { expected }: Exchange): string | undefined {
  const last = expected.length - 1;
  if (
    answer.length === expected.length &&
    isClose(answer[0]!, expected[0]!) &&
    isClose(answer[last]!, expected[last]!)
  )
    return undefined;
  return `The answer is ${[...answer].join(", ")} and has to be ${[...expected].join(", ")}.`;
}

// The precision that the backend declares.
function isClose(actual: number, expected: number): boolean {
  return Math.abs(actual - expected) <= 1e-5 + 1e-4 * Math.abs(expected);
}
