import { describeCause } from "./describe-cause.ts";

/** Why a file could not be read, as the end of a sentence. */
export function describeFileProblem(cause: unknown): string {
  const code = typeof cause === "object" && cause !== null ? Reflect.get(cause, "code") : undefined;
  if (code === "ENOENT") return "there is no such file";
  if (code === "EISDIR") return "it is a folder, not a file";
  if (code === "EACCES") return "this process may not read it";
  return describeCause(cause);
}
