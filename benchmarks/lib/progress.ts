/** Says how far a benchmark has come. */
export type Progress = (message: string) => void;

/** Progress as lines on standard error, each with the seconds since the start: standard output is for results. */
export function createProgress(): Progress {
  const startedAt = performance.now();
  return (message) => {
    const seconds = Math.round((performance.now() - startedAt) / 1000);
    process.stderr.write(`[${String(seconds).padStart(4)} s] ${message}\n`);
  };
}
