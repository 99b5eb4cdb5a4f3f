import { InvalidOptionsError } from "../errors/invalid-options-error.ts";

/** Options of one observation. */
export interface ObserveOptions {
  /**
   * What the observer is called in `health()` and in metrics: 1 to 128 characters. Observers may
   * share a name, and are then counted together. Default the function's own name, else `unnamed`.
   */
  readonly name?: string | undefined;
  /**
   * How many events may be on its hands: those that wait for it, and those whose promise it has not
   * settled. What comes beyond that it does not hear of, which is counted. Events hold their inputs
   * and outputs, so it bounds memory too. A whole number of at least 1, or `Infinity`; default 1024,
   * as many as a queue holds.
   */
  readonly maxPending?: number | undefined;
}

/**
 * The options with their defaults.
 *
 * @param ownName - The name of the observer's function, which may be anything.
 * @throws InvalidOptionsError `INVALID_OPTIONS` for an option that it cannot have.
 */
export function resolveObserveOptions(
  ownName: unknown,
  { name, maxPending = 1024 }: ObserveOptions = {},
): { readonly name: string; readonly maxPending: number } {
  if (name !== undefined && !(typeof name === "string" && name.length >= 1 && name.length <= longestName)) {
    const problem = `is ${JSON.stringify(name)}; it has to be 1 to ${longestName} characters`;
    throw new InvalidOptionsError({ option: "name", problem });
  }
  if (
    !(
      typeof maxPending === "number" &&
      maxPending >= 1 &&
      (Number.isInteger(maxPending) || maxPending === Infinity)
    )
  ) {
    const problem = `is ${String(maxPending)}; it has to be a whole number of at least 1, or Infinity`;
    throw new InvalidOptionsError({ option: "maxPending", problem });
  }
  const own = typeof ownName === "string" ? ownName.slice(0, longestName) : "";
  return { name: name ?? (own || "unnamed"), maxPending };
}

const longestName = 128;
