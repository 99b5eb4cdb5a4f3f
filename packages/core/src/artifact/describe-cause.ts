/** The message of an error, with that of its cause, as `fetch` puts what happened there. */
export function describeCause(cause: unknown): string {
  const message = cause instanceof Error ? cause.message : String(cause);
  const inner = cause instanceof Error ? cause.cause : undefined;
  const reason = inner instanceof Error ? `: ${inner.message || String(Reflect.get(inner, "code"))}` : "";
  return message + reason;
}
