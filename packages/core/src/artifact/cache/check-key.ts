import { InvalidOptionsError } from "../../errors/invalid-options-error.ts";

/** @throws InvalidOptionsError `INVALID_OPTIONS` when it could be anything but a plain name. */
export function checkKey(key: string): void {
  if (/^[a-z0-9-]{1,80}$/.test(key)) return;
  const problem = `is ${JSON.stringify(key)}; it has to be 1 to 80 characters of a-z, 0-9 and -`;
  throw new InvalidOptionsError({ option: "key", problem });
}

/** @throws InvalidOptionsError `INVALID_OPTIONS` when it is no number of bytes. */
export function checkMaxBytes(maxBytes: number): void {
  if (typeof maxBytes === "number" && maxBytes > 0) return;
  const problem = `is ${String(maxBytes)}; it has to be a number of bytes above 0`;
  throw new InvalidOptionsError({ option: "maxBytes", problem });
}
