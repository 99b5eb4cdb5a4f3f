/**
 * The module that a worker of this backend starts with. Sources are run as they are, too, and a
 * compiler rewrites the names of imports but not of URLs. Each is written out, as bundlers look
 * for it.
 */
export function workerModule(): URL {
  return import.meta.url.endsWith(".ts")
    ? new URL("./worker.ts", import.meta.url)
    : new URL("./worker.js", import.meta.url);
}
