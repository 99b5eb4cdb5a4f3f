/**
 * Makes a function that runs one call at a time. Of the calls that come meanwhile only the last is
 * run: what is shown is never older than what is asked, and nothing piles up.
 */
export function latestOnly<Arguments extends readonly unknown[]>(
  run: (...args: Arguments) => Promise<void>,
): (...args: Arguments) => void {
  let isRunning = false;
  let next: Arguments | undefined;
  const start = async (): Promise<void> => {
    isRunning = true;
    try {
      while (next !== undefined) {
        const args = next;
        next = undefined;
        await run(...args);
      }
    } finally {
      isRunning = false;
    }
  };
  return (...args) => {
    next = args;
    if (!isRunning) void start();
  };
}
