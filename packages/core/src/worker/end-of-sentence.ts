/** What anything thrown says, without a full stop: ready to stand inside a sentence. */
export function endOfSentence(cause: unknown): string {
  return (cause instanceof Error ? cause.message : String(cause)).replace(/\.\s*$/, "");
}
