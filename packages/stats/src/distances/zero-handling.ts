import { InvalidArgumentError } from "../errors/invalid-argument-error.ts";

/**
 * What to do with a cell that is empty on one side only, where a logarithm of a ratio is infinite.
 * Without such a cell, none of these but `floor` changes anything.
 *
 * - `"none"`: the distance is what its formula says, so it is `Infinity`.
 * - `"jeffreys"`: half a row is added to every cell on both sides, and the totals grow with them.
 *   What one unexpected row costs then shrinks with the sample. Needs counts.
 * - `"laplace"`: the same with one row. Needs counts.
 * - `{ add }`: the same with `add` rows, above 0. Needs counts.
 * - `{ floor }`: every share below `floor`, in (0, 1), is raised to it; the shares then add up to a
 *   little more than 1. What most tools do, each with its own floor.
 * - `"exclude"`: the cell is left out on both sides, and the other shares stay as they are. What
 *   appears or disappears goes unseen.
 *
 * Cells that are empty on both sides are always left out.
 */
export type ZeroHandling =
  | "none"
  | "jeffreys"
  | "laplace"
  | "exclude"
  | { readonly add: number }
  | { readonly floor: number };

/** How many rows are added to each cell. */
export function addedCounts(zeros: ZeroHandling): number {
  if (zeros === "jeffreys") return 0.5;
  if (zeros === "laplace") return 1;
  return typeof zeros === "object" && "add" in zeros ? zeros.add : 0;
}

/** @throws InvalidArgumentError for anything but a {@link ZeroHandling}. */
export function checkZeros(zeros: ZeroHandling): ZeroHandling {
  const isWord = ["none", "jeffreys", "laplace", "exclude"].includes(zeros as string);
  const isAdding = isRecord(zeros) && "add" in zeros && zeros.add > 0 && zeros.add < Infinity;
  const isFloor = isRecord(zeros) && "floor" in zeros && zeros.floor > 0 && zeros.floor < 1;
  if (isWord || isAdding || isFloor) return zeros;
  throw new InvalidArgumentError(
    `options.zeros is ${JSON.stringify(zeros)}; pass "none", "jeffreys", "laplace", "exclude", { add: rows above 0 } or { floor: a share in (0, 1) }.`,
    { argument: "options.zeros" },
  );
}

function isRecord(zeros: unknown): zeros is object {
  return typeof zeros === "object" && zeros !== null;
}
