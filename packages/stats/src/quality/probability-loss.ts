import { checkProbability } from "../arguments/check-number.ts";
import {
  checkFiniteValues,
  checkOpenProbability,
  checkSameLength,
  type Numbers,
} from "../arguments/check-sample.ts";
import { InvalidArgumentError } from "../errors/invalid-argument-error.ts";
import { binary, type BinaryLabels } from "./labels.ts";
import { meanLoss, type MeanLoss } from "./mean-loss.ts";

/**
 * How surprising the classes are under the predicted probabilities: the mean of -ln(probability given to
 * the class that came), in nats; 0 is perfect, ln 2 is a fair coin.
 *
 * A probability of exactly 0 for what came makes it infinite; `clip` moves probabilities into
 * [clip, 1 - clip] first, 2.2e-16 by default as in scikit-learn's `log_loss`.
 *
 * @param probabilities Of the positive class, in [0, 1].
 *
 * @example
 * logLoss([1, 0, 1], [0.9, 0.2, 0.6]).value; // 0.27977…
 */
export function logLoss(
  actual: BinaryLabels,
  probabilities: Numbers,
  { confidence = 0.95, clip = Number.EPSILON }: { readonly confidence?: number; readonly clip?: number } = {},
): MeanLoss {
  checkOpenProbability("clip", clip);
  const clipped = (value: number): number => Math.min(Math.max(value, clip), 1 - clip);
  const losses = perRow(actual, probabilities, (positive, probability) =>
    positive === 1 ? -Math.log(clipped(probability)) : -Math.log1p(-clipped(probability)),
  );
  return meanLoss(losses, { confidence });
}

/**
 * The mean squared difference of predicted probability and outcome, in [0, 1]; 0 is perfect, 0.25 is
 * always saying 0.5 (Brier 1950). Agrees with scikit-learn's `brier_score_loss`.
 *
 * @param probabilities Of the positive class, in [0, 1].
 *
 * @example
 * brierScore([1, 0, 1], [0.9, 0.2, 0.6]).value; // 0.07
 */
export function brierScore(
  actual: BinaryLabels,
  probabilities: Numbers,
  { confidence = 0.95 }: { readonly confidence?: number } = {},
): MeanLoss {
  const losses = perRow(actual, probabilities, (positive, probability) => (positive - probability) ** 2);
  return meanLoss(losses, { confidence });
}

/**
 * {@link logLoss} for several classes.
 *
 * @param actual The place of each row's class, from 0.
 * @param probabilities `[rows, classes]` in row-major order; each row sums to 1 within 1e-6.
 */
export function multiclassLogLoss(
  actual: Numbers,
  probabilities: Numbers,
  {
    classes,
    confidence = 0.95,
    clip = Number.EPSILON,
  }: { readonly classes: number; readonly confidence?: number; readonly clip?: number },
): MeanLoss {
  checkOpenProbability("clip", clip);
  checkFiniteValues("actual", actual);
  checkFiniteValues("probabilities", probabilities);
  if (probabilities.length !== actual.length * classes) {
    throw new InvalidArgumentError(
      `probabilities has ${probabilities.length} values for ${actual.length} rows of ${classes} classes; pass rows times classes.`,
      { argument: "probabilities" },
    );
  }
  const losses = Float64Array.from(actual, (place, row) => {
    if (!Number.isInteger(place) || place < 0 || place >= classes) {
      throw new InvalidArgumentError(
        `actual[${row}] is ${place}; pass the place of the class, from 0 to ${classes - 1}.`,
        { argument: `actual[${row}]` },
      );
    }
    let total = 0;
    for (let index = row * classes; index < (row + 1) * classes; index += 1) {
      checkProbability(`probabilities[${index}]`, probabilities[index] ?? Number.NaN);
      total += probabilities[index] ?? 0;
    }
    if (Math.abs(total - 1) > 1e-6) {
      throw new InvalidArgumentError(
        `The probabilities of row ${row} sum to ${total}; pass probabilities that sum to 1.`,
        { argument: `probabilities[${row * classes}]` },
      );
    }
    return -Math.log(Math.min(Math.max(probabilities[row * classes + place] ?? 0, clip), 1 - clip));
  });
  return meanLoss(losses, { confidence });
}

function perRow(
  actual: BinaryLabels,
  probabilities: Numbers,
  loss: (positive: number, probability: number) => number,
): Float64Array {
  const classes = binary(actual, "actual");
  checkSameLength("probabilities", probabilities, "actual", actual);
  return Float64Array.from(classes, (positive, row) => {
    const probability = probabilities[row] ?? Number.NaN;
    checkProbability(`probabilities[${row}]`, probability);
    return loss(positive, probability);
  });
}
