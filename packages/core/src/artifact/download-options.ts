import { type Environment, systemEnvironment } from "../environment.ts";
import { InvalidOptionsError } from "../errors/invalid-options-error.ts";

/** How files are fetched. */
export interface DownloadOptions {
  /**
   * The most bytes that a file may have. Default 4 GiB. It bounds what a wrong or hostile server can
   * make this process hold; a declared `sizeBytes` bounds it further.
   */
  readonly maxBytes?: number | undefined;
  /**
   * How often a download that breaks is taken up again without having come 1 MiB further. Default 5.
   * It goes on where it broke off, where the server allows it and it is sure that the file is still
   * the same: by its ETag, or because its SHA-256 is declared.
   */
  readonly maxRetries?: number | undefined;
  /**
   * Milliseconds that the first wait before taking it up again lasts at most; each further one twice as
   * long, to at most 10 seconds. The wait is drawn evenly from its second half. Default 500.
   */
  readonly retryDelayMs?: number | undefined;
  /** Milliseconds without a byte after which a connection counts as broken. Default 30,000. */
  readonly stallTimeoutMs?: number | undefined;
  /** What fetches; one that adds credentials, say. Default the host's `fetch`. */
  readonly fetch?: ((url: string, init: RequestInit) => Promise<Response>) | undefined;
  /** The clock and the timers to use, for tests. Default the host's. */
  readonly environment?: Environment | undefined;
  /** Gives numbers from 0 to below 1, for the waits. Default `Math.random`. */
  readonly random?: (() => number) | undefined;
}

/** {@link DownloadOptions} with their defaults. */
export type DownloadSettings = {
  readonly [Key in keyof DownloadOptions]-?: NonNullable<DownloadOptions[Key]>;
};

/** @throws InvalidOptionsError `INVALID_OPTIONS` when one has a value that it cannot have. */
export function resolveDownloadOptions({
  maxBytes = 4 * 1024 ** 3,
  maxRetries = 5,
  retryDelayMs = 500,
  stallTimeoutMs = 30_000,
  // Looked up at each call, and called without a receiver, as browsers demand.
  fetch = (url, init) => globalThis.fetch(url, init),
  environment = systemEnvironment,
  random = Math.random,
}: DownloadOptions): DownloadSettings {
  checkOption("maxBytes", maxBytes, maxBytes >= 0, "a number of bytes");
  checkOption("maxRetries", maxRetries, Number.isInteger(maxRetries) && maxRetries >= 0, "a whole number");
  checkOption("retryDelayMs", retryDelayMs, retryDelayMs >= 0, "a number of milliseconds");
  checkOption("stallTimeoutMs", stallTimeoutMs, stallTimeoutMs > 0, "a number of milliseconds above 0");
  return { maxBytes, maxRetries, retryDelayMs, stallTimeoutMs, fetch, environment, random };
}

function checkOption(option: string, value: unknown, isAllowed: boolean, allowed: string): void {
  if (typeof value === "number" && isAllowed) return;
  throw new InvalidOptionsError({ option, problem: `is ${String(value)}; it has to be ${allowed}` });
}
