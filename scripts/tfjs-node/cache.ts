import { homedir } from "node:os";
import { join } from "node:path";

/** The TensorFlow whose libraries are used: newer than tfjs-node's own, with the same C interface. */
export const tensorFlowVersion = "2.21.0";

/** The Node-API headers that the binding is compiled with. */
export const headersVersion = "1.9.0";

/** Where the native part is kept: `MLOPS_CACHE`, else the user's cache. */
export function cacheFolder(environment: NodeJS.ProcessEnv = process.env): string {
  const root = environment["MLOPS_CACHE"] ?? environment["XDG_CACHE_HOME"] ?? join(homedir(), ".cache");
  return join(root, "mlops", `tfjs-node-4.22.0-tensorflow-${tensorFlowVersion}-${process.arch}`);
}

/** The files of a built native part, relative to its folder. */
export const nativeFiles = {
  binding: "tfjs_binding.node",
  libraries: ["libtensorflow_cc.so.2", "libtensorflow_framework.so.2"],
} as const;
