/** Longer texts do not match a pattern of the user, in code points. */
export const patternTextLength = 256;

/** At most so many ways to read a text of that length, which take some tenths of a second at worst. */
const maxWays = 2 ** 22;

/**
 * Why a pattern is refused, as a clause; undefined for one that is safe.
 *
 * JavaScript's expressions backtrack: in the worst case they try every way to share out a text among
 * the repetitions. This bounds the number of ways for a text of 256 code points: a repetition
 * without limit has 257, one from m to n has n - m + 1, alternatives add up, what follows one
 * another multiplies. Without alternatives, k repetitions without limit share one text, which
 * leaves 1/k! of them. Beyond 2²² ways, and for what the bound does not cover (a repetition inside
 * an unlimited one, look-around, back-references), the pattern is refused. So some harmless ones
 * are, too.
 */
export function whyUnsafe(source: string): string | undefined {
  if (source.length > 500) return "is longer than 500 characters";
  try {
    new RegExp(source, "u");
  } catch (error) {
    return `is no regular expression (${error instanceof Error ? error.message : "unknown"})`;
  }
  const reader = new WaysReader(source);
  const ways = reader.read() / (source.includes("|") ? 1 : factorial(reader.unlimited));
  if (reader.problem !== undefined) return reader.problem;
  return ways > maxWays
    ? `can be matched in too many ways (${ways.toExponential(0)} for ${patternTextLength} characters)`
    : undefined;
}

/** Reads a pattern that is known to be valid, and counts the ways to match a text with it. */
class WaysReader {
  readonly #source: string;
  #position = 0;
  problem: string | undefined;
  /** How many repetitions without limit there are. */
  unlimited = 0;

  constructor(source: string) {
    this.#source = source;
  }

  /** Alternatives, up to the end or to the parenthesis that closes them. */
  read(): number {
    let sum = 0;
    let product = 1;
    while (this.#position < this.#source.length && this.#source[this.#position] !== ")") {
      if (this.#source[this.#position] === "|") {
        this.#position += 1;
        sum += product;
        product = 1;
      } else product *= this.#repeated(this.#atom());
    }
    return sum + product;
  }

  #atom(): number {
    const character = this.#source[this.#position];
    if (character === "(") return this.#group();
    if (character === "[") this.#skipClass();
    else if (character === "\\") this.#skipEscape();
    else this.#position += 1;
    return 1;
  }

  #group(): number {
    const opening = /\(\?(?:<?[=!]|:|<[^>]*>)|\((?!\?)/uy;
    opening.lastIndex = this.#position;
    const found = opening.exec(this.#source)?.[0];
    if (found === undefined || /[=!]$/u.test(found)) {
      this.problem = "looks ahead or behind, or changes flags";
      this.#position += 2;
    } else this.#position += found.length;
    const ways = this.read();
    this.#position += 1;
    return ways;
  }

  #skipClass(): void {
    while (this.#source[this.#position] !== "]")
      this.#position += this.#source[this.#position] === "\\" ? 2 : 1;
    this.#position += 1;
  }

  #skipEscape(): void {
    const escape = /\\(?:[pP]\{[^}]*\}|u\{[^}]*\}|.)/suy;
    escape.lastIndex = this.#position;
    const found = escape.exec(this.#source)?.[0] ?? "\\";
    if (/^\\[1-9k]/u.test(found)) this.problem = "refers back to a group";
    this.#position += found.length;
  }

  /** The ways of an atom together with the repetition behind it. */
  #repeated(ways: number): number {
    const quantifier = /(?:[*+?]|\{(\d+)(,?)(\d*)\})\??/uy;
    quantifier.lastIndex = this.#position;
    const found = quantifier.exec(this.#source);
    if (found === null) return ways;
    this.#position += found[0].length;
    const [text, least = "0", comma = "", most = ""] = found;
    const isCounted = text.startsWith("{");
    const minimum = isCounted ? Number(least) : text.startsWith("+") ? 1 : 0;
    const isUnlimited = isCounted ? comma !== "" && most === "" : !text.startsWith("?");
    const maximum = isUnlimited ? Infinity : isCounted ? Number(comma === "" ? least : most) : 1;
    if (isUnlimited && ways > 1) this.problem = "repeats without limit what can be matched in several ways";
    if (isUnlimited) this.unlimited += 1;
    return isUnlimited ? patternTextLength + 1 : ways ** maximum * (maximum - minimum + 1);
  }
}

function factorial(count: number): number {
  return count <= 1 ? 1 : count * factorial(count - 1);
}
