import { createRandom, type Random } from "@mlops/stats";

import { createDetector } from "../create-detector.ts";
import type { DetectorName } from "../detector.ts";

/** Streams that do not change. */
export type StableStream =
  | "N(0, 0.1)"
  | "N(0, 1)"
  | "N(0, 10)"
  | "t(2)"
  | "Cauchy"
  | "errors of 3 %"
  | "errors of 5 %"
  | "errors of 30 %"
  | "errors of 50 %";

const draws: Readonly<Record<StableStream, (random: Random) => number>> = {
  "N(0, 0.1)": (random) => random.normal(0, 0.1),
  "N(0, 1)": (random) => random.normal(0, 1),
  "N(0, 10)": (random) => random.normal(0, 10),
  "t(2)": (random) => random.studentT(2),
  Cauchy: (random) => random.cauchy(),
  "errors of 3 %": (random) => (random() < 0.03 ? 1 : 0),
  "errors of 5 %": (random) => (random() < 0.05 ? 1 : 0),
  "errors of 30 %": (random) => (random() < 0.3 ? 1 : 0),
  "errors of 50 %": (random) => (random() < 0.5 ? 1 : 0),
};

/** Values per false alarm, and how many there were, in a stream that does not change. */
export function measureRunLength(
  name: DetectorName,
  stream: StableStream,
  options: { readonly expectedRunLength: number; readonly values: number },
): { readonly mean: number; readonly alarms: number } {
  const { expectedRunLength, values } = options;
  const random = createRandom(99);
  const detector = createDetector(name, { expectedRunLength });
  const draw = draws[stream];
  let alarms = 0;
  for (let index = 0; index < values; index += 1) {
    if (detector.update(draw(random)).drift) alarms += 1;
  }
  return { mean: alarms === 0 ? Infinity : values / alarms, alarms };
}
