import { builtinModule } from "../worker/builtin-module.ts";

/** The cores that this process may use, at least 1; a browser tells them, too, or a part of them. */
export function availableCores(): number {
  const os = builtinModule<{ availableParallelism?(): number }>("node:os");
  const { navigator } = globalThis as { readonly navigator?: { readonly hardwareConcurrency?: number } };
  return Math.max(os?.availableParallelism?.() ?? navigator?.hardwareConcurrency ?? 1, 1);
}
