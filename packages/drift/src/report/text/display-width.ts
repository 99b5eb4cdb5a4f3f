/** Characters that a terminal shows two columns wide: East Asian wide ones, and emoji. */
const wide =
  /[\u1100-\u115f\u2e80-\u303e\u3041-\u33ff\u3400-\u4dbf\u4e00-\u9fff\ua000-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]|[\u{20000}-\u{3fffd}]|\p{Emoji_Presentation}|\ufe0f/u;
const unseen = /^[\p{Mark}\p{Format}]+$/u;

/** How many columns of a terminal a text takes. */
export function displayWidth(text: string): number {
  let width = 0;
  for (const cluster of clustersOf(text)) width += clusterWidth(cluster);
  return width;
}

/** A text in exactly so many columns: filled with spaces, or cut with an ellipsis. */
export function fitText(text: string, width: number): string {
  const own = displayWidth(text);
  if (own <= width) return text + " ".repeat(width - own);
  let shown = "";
  let used = 0;
  for (const cluster of clustersOf(text)) {
    const next = clusterWidth(cluster);
    if (used + next > width - 1) break;
    shown += cluster;
    used += next;
  }
  return `${shown}…${" ".repeat(width - 1 - used)}`;
}

/** Words in lines of at most so many columns; a longer word has a line of its own, and is not cut. */
export function wrapText(text: string, width: number): string[] {
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(/ +/)) {
    const longer = line === "" ? word : `${line} ${word}`;
    if (line !== "" && displayWidth(longer) > width) {
      lines.push(line);
      line = word;
    } else {
      line = longer;
    }
  }
  return [...lines, line];
}

/** What a reader takes for single characters. */
function clustersOf(text: string): string[] {
  return Array.from(new Intl.Segmenter("en").segment(text), ({ segment }) => segment);
}

function clusterWidth(cluster: string): number {
  if (unseen.test(cluster)) return 0;
  return wide.test(cluster) ? 2 : 1;
}
