import type { Execute } from "./run-case.ts";

/** Fails a run that gives no answer within `limitMs`, as on a GPU that hangs. The run itself is not stopped. */
export function withTimeLimit(execute: Execute, limitMs: number): Execute {
  return (model, inputs) =>
    new Promise((resolve, reject) => {
      const timer = setTimeout(() => reject(new Error(`no answer within ${limitMs} ms`)), limitMs);
      execute(model, inputs)
        .then(resolve, reject)
        .finally(() => clearTimeout(timer));
    });
}
