import { checkOpenProbability, checkSameLength, type Numbers } from "../arguments/check-sample.ts";
import { checkProbability } from "../arguments/check-number.ts";
import { InvalidArgumentError } from "../errors/invalid-argument-error.ts";

/**
 * The p-value that belongs to evidence which is looked at again and again: the least of all so far of
 * 1 / e-value. P(it is ever <= α) <= α. Start with 1 and keep what it returns.
 *
 * @example
 * let pValue = 1;
 * pValue = alwaysValidPValue(pValue, 25); // 0.04
 * pValue = alwaysValidPValue(pValue, 2); // 0.04 still
 */
export function alwaysValidPValue(previous: number, eValue: number): number {
  checkProbability("previous", previous);
  checkEValues("eValue", [eValue]);
  return Math.min(previous, 1 / eValue);
}

/**
 * Evidence of several e-values for one hypothesis, however they depend on each other: their mean,
 * weighted where `weights` says so. It is an e-value; no other symmetric rule is better for all
 * dependences (Vovk and Wang 2021).
 *
 * @param weights Fixed before looking, not negative, with a positive sum.
 */
export function averageEValues(eValues: Numbers, weights?: Numbers): number {
  checkEValues("eValues", eValues);
  if (weights === undefined)
    return Array.from(eValues).reduce((sum, value) => sum + value, 0) / eValues.length;
  checkSameLength("weights", weights, "eValues", eValues);
  checkEValues("weights", weights);
  let total = 0;
  let weighted = 0;
  for (let index = 0; index < eValues.length; index += 1) {
    total += weights[index] ?? 0;
    weighted += (weights[index] ?? 0) * (eValues[index] ?? 0);
  }
  if (total > 0) return weighted / total;
  throw new InvalidArgumentError("weights sum to 0; pass at least one positive weight.", {
    argument: "weights",
  });
}

/** Evidence of e-values from separate data, or each from what came after the one before: their product. */
export function multiplyEValues(eValues: Numbers): number {
  checkEValues("eValues", eValues);
  return Array.from(eValues).reduce((product, value) => product * value, 1);
}

/**
 * An e-value from a p-value: κ · p^(κ - 1) (Vovk and Wang 2021, section 2). Always smaller evidence
 * than the p-value looks like: p = 0.01 gives 5 with κ = 0.5.
 *
 * @param options.kappa Above 0 and below 1; 0.5 by default.
 *
 * @example
 * eValueFromPValue(0.01); // 5
 */
export function eValueFromPValue(pValue: number, { kappa = 0.5 }: { readonly kappa?: number } = {}): number {
  checkProbability("pValue", pValue);
  checkOpenProbability("kappa", kappa);
  return kappa * pValue ** (kappa - 1);
}

/**
 * Which of many hypotheses are rejected by their e-values so that the expected share of false ones stays
 * at or below `level`, for every dependence: with e sorted from the largest, the first k with the largest
 * k such that k · e(k) >= n / level (e-BH: Wang and Ramdas 2022).
 *
 * @example
 * rejectByEValues([60, 31, 10, 1], { level: 0.1 }); // [true, true, false, false]
 */
export function rejectByEValues(
  eValues: Numbers,
  { level = 0.05 }: { readonly level?: number } = {},
): boolean[] {
  checkEValues("eValues", eValues);
  checkOpenProbability("level", level);
  const count = eValues.length;
  const falling = Array.from(eValues).sort((a, b) => b - a);
  const last = falling.findLastIndex((value, index) => (index + 1) * value >= count / level);
  const limit = last === -1 ? Infinity : (falling[last] ?? Infinity);
  return Array.from(eValues, (value) => last !== -1 && value >= limit);
}

function checkEValues(argument: string, values: Numbers): void {
  if (values.length === 0) {
    throw new InvalidArgumentError(`${argument} is empty; pass at least one value.`, { argument });
  }
  for (let index = 0; index < values.length; index += 1) {
    // Infinity is the strongest evidence: the hypothesis cannot have made the data.
    if ((values[index] ?? Number.NaN) >= 0) continue;
    throw new InvalidArgumentError(
      `${argument}[${index}] is ${String(values[index])}; pass numbers from 0 on.`,
      {
        argument: `${argument}[${index}]`,
      },
    );
  }
}
