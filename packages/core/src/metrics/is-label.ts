/** Half a surrogate pair: two different ones would become the same label once they are UTF-8. */
const loneSurrogate = /\p{Surrogate}/u;

/** Whether it can be told from others when it is a label, and is of bounded length. */
export function isLabel(value: unknown): boolean {
  return typeof value === "string" && value.length <= 256 && !loneSurrogate.test(value);
}
