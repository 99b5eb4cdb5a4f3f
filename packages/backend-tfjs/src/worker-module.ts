import type { BackendWorker } from "@mlops/core";

import { isNode } from "./is-node.ts";

/**
 * What a worker of this backend starts with: a module that Node starts itself, and in a page a
 * function that starts it, as bundlers look for it. Sources are run as they are, too, and a
 * compiler rewrites the names of imports but not of URLs: each is written out.
 */
export function workerModule(): BackendWorker["module"] {
  if (!isNode()) {
    return () => new Worker(new URL("./worker.js", import.meta.url), { type: "module" });
  }
  return import.meta.url.endsWith(".ts")
    ? new URL("./worker.ts", import.meta.url)
    : new URL("./worker.js", import.meta.url);
}
