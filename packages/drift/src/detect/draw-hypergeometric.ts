import { hypergeometricPmf } from "@mlops/stats";

/**
 * How many of `draws` rows, drawn without replacement from `population`, are among its `successes`.
 * By inversion from the mode outwards, so in about as many steps as the standard deviation.
 */
export function drawHypergeometric(
  random: () => number,
  population: number,
  successes: number,
  draws: number,
): number {
  const least = Math.max(0, draws - (population - successes));
  const most = Math.min(draws, successes);
  if (least === most) return least;
  const mode = Math.min(
    Math.max(Math.floor(((draws + 1) * (successes + 1)) / (population + 2)), least),
    most,
  );
  const chanceOfMode = hypergeometricPmf(mode, { population, successes, draws });
  let left = random() - chanceOfMode;
  if (left < 0) return mode;
  let below = mode;
  let above = mode;
  let chanceBelow = chanceOfMode;
  let chanceAbove = chanceOfMode;
  const failures = population - successes;
  while (below > least || above < most) {
    if (above < most) {
      chanceAbove *= ((successes - above) * (draws - above)) / ((above + 1) * (failures - draws + above + 1));
      above += 1;
      left -= chanceAbove;
      if (left < 0) return above;
    }
    if (below > least) {
      chanceBelow *= (below * (failures - draws + below)) / ((successes - below + 1) * (draws - below + 1));
      below -= 1;
      left -= chanceBelow;
      if (left < 0) return below;
    }
  }
  // What rounding left over.
  return mode;
}
