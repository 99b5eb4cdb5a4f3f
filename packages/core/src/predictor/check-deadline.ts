import { InvalidOptionsError } from "../errors/invalid-options-error.ts";

/** @throws InvalidOptionsError `INVALID_OPTIONS` unless it is a time, which may have passed, or none. */
export function checkDeadline(deadline: number | undefined): void {
  if (deadline === undefined || (typeof deadline === "number" && !Number.isNaN(deadline))) return;
  throw new InvalidOptionsError({
    option: "deadline",
    problem: `is ${String(deadline)}; it has to be milliseconds since the Unix epoch, as Date.now() gives`,
  });
}
