const minus = "\u2212";
const narrowSpace = "\u202f";
/** Between a figure and what belongs to it: lines do not break there. */
const fixedSpace = "\u00a0";

/** Three significant digits for reading: "12 300", "0.0451", "1.2e-9"; a true minus sign. */
export function formatNumber(value: number): string {
  const size = Math.abs(value);
  const sign = value < 0 && size > 0 ? minus : "";
  if (size === 0) return "0";
  if (size < 1e-4 || size >= 1e15) return `${sign}${trimExponent(size.toExponential(2))}`;
  const rounded = Number(size.toPrecision(3));
  return `${sign}${rounded >= 1_000 ? groupDigits(String(rounded)) : String(rounded)}`;
}

/** A number of rows, in full: "1 234 567"; what weights make of them, to one digit behind the point. */
export function formatCount(count: number): string {
  if (count >= 1e15) return formatNumber(count);
  const [whole = "0", fraction] = String(Math.round(count * 10) / 10).split(".");
  return fraction === undefined ? groupDigits(whole) : `${groupDigits(whole)}.${fraction}`;
}

/** A share as a percentage: "12.3 %". Neither 0 nor 100 is said of what is only near it. */
export function formatShare(share: number): string {
  const sign = share < 0 ? minus : "";
  const size = Math.abs(share);
  if (size === 0 || size === 1) return `${sign}${100 * size}${fixedSpace}%`;
  if (size < 0.0001) return `< ${sign}0.01${fixedSpace}%`;
  if (size < 0.001) return `${sign}${(100 * size).toFixed(2)}${fixedSpace}%`;
  if (size > 0.9994 && size < 1) return `> ${sign}99.9${fixedSpace}%`;
  return `${sign}${(100 * size).toFixed(1)}${fixedSpace}%`;
}

/** `formatShare` without its unit, for a column of figures. */
export function formatPercentage(share: number): string {
  return formatShare(share).slice(0, -(fixedSpace.length + 1));
}

/** A fixed percentage that somebody chose, such as a level or a threshold: "5 %", "0.5 %". */
export function formatLevel(share: number): string {
  return `${formatNumber(100 * share)}${fixedSpace}%`;
}

/** A difference with its sign: "+1.2 %". */
export function formatDifference(share: number): string {
  return share > 0 ? `+${formatShare(share)}` : formatShare(share);
}

/** "0.012", or "< 1e-16". */
export function formatPValue(pValue: number): string {
  return pValue < 1e-16 ? "< 1e-16" : formatNumber(pValue);
}

function groupDigits(digits: string): string {
  return digits.replace(/\B(?=(\d{3})+$)/g, narrowSpace);
}

function trimExponent(text: string): string {
  const [mantissa = "", exponent = ""] = text.split("e");
  return `${Number(mantissa)}e${exponent.replace("+", "")}`;
}
