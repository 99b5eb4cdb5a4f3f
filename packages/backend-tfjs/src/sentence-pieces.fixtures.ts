/**
 * The pieces of a text by the best path through a unigram vocabulary, as the tokenizer of the
 * Universal Sentence Encoder splits it (Kudo, "Subword Regularization", 2018, section 3.1).
 *
 * @param vocabulary - The pieces with their log probabilities; the first six stand for no text.
 */
export function encodePieces(text: string, vocabulary: readonly (readonly [string, number])[]): number[] {
  const scores = new Map(vocabulary.map(([piece, score], id) => [piece, { score, id }] as const).slice(6));
  const symbols = [...`\u2581${text.normalize("NFKC").replaceAll(" ", "\u2581")}`];
  const best: { score: number; start: number; id: number }[] = [{ score: 0, start: 0, id: 0 }];
  for (let end = 1; end <= symbols.length; end += 1) {
    // A character that is in no piece stands for itself, at a price.
    best[end] = { score: best[end - 1]!.score - 100, start: end - 1, id: 0 };
    for (let start = Math.max(0, end - 20); start < end; start += 1) {
      const piece = scores.get(symbols.slice(start, end).join(""));
      if (piece === undefined) continue;
      const score = best[start]!.score + piece.score;
      if (score > best[end]!.score) best[end] = { score, start, id: piece.id };
    }
  }
  const ids: number[] = [];
  for (let end = symbols.length; end > 0; end = best[end]!.start) ids.unshift(best[end]!.id);
  return ids;
}
