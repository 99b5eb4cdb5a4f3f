import type { Backend } from "../backend/backend.ts";
import { wrapBackend } from "./wrap-backend.ts";

/**
 * The same backend behind a wrapper that does nothing. A suite that passes with the one and fails
 * with the other rests on something that is not in the interface.
 */
export function noopWrapper(backend: Backend): Backend {
  return wrapBackend(backend, {});
}
