import { BackendError, ModelLoadError } from "@mlops/core";

/** What ONNX Runtime threw while it made a session. */
export function toModelLoadError(cause: unknown, location: string): ModelLoadError {
  return new ModelLoadError({ location, problem: `ONNX Runtime refused it: ${messageOf(cause)}`, cause });
}

/** What ONNX Runtime threw while it ran a model. */
export function toBackendError(cause: unknown): BackendError {
  return new BackendError({ backend: "onnx", problem: messageOf(cause), cause });
}

/** The message of anything thrown, ready to stand inside a sentence. */
export function messageOf(cause: unknown): string {
  return (cause instanceof Error ? cause.message : String(cause)).trim().replace(/\.$/, "");
}
