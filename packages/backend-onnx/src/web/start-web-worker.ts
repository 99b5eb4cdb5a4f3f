/**
 * Starts the web worker of this backend. Sources are run as they are, too, and a compiler rewrites
 * the names of imports but not of URLs. Each is written out, as bundlers look for it.
 */
export function startWebWorker(): Worker {
  return new Worker(new URL("./web-worker.js", import.meta.url), { type: "module" });
}
