import { BackendError } from "@mlops/core";

/** What ONNX Runtime threw while it ran a model. */
export function toBackendError(cause: unknown): BackendError {
  return new BackendError({ backend: "onnx", problem: messageOf(cause), cause });
}

/** The message of anything thrown, ready to stand inside a sentence. */
export function messageOf(cause: unknown): string {
  return (cause instanceof Error ? cause.message : String(cause)).trim().replace(/\.$/, "");
}
