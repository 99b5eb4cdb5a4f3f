import type { HostProcess } from "./builtin-module.ts";

/**
 * Swallows what JavaScript prints in a worker: a library prints nothing, and what is printed in a
 * thread would wait in memory for a reader who never comes. What an error that nobody caught says
 * does not pass here.
 */
export function silence(process: HostProcess): void {
  const write = (_chunk: unknown, ...rest: readonly unknown[]): boolean => {
    const callback = rest.at(-1);
    if (typeof callback === "function") queueMicrotask(() => callback());
    return true;
  };
  process.stdout.write = write;
  process.stderr.write = write;
}
