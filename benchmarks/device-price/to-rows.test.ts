import { expect, test } from "vitest";

import { Measurements } from "../lib/measurements.ts";
import type { Scenario } from "./scenarios.ts";
import { toRows } from "./to-rows.ts";

const scenario: Scenario = { name: "1 at once", concurrency: 1, maxRequests: 1, maxMs: 1, warmUpMs: 0 };
const options = { scenarios: [scenario], subjects: ["ours", "Flask", "other"], own: "ours", peer: "Flask" };

function measured(values: Readonly<Record<string, Readonly<Record<string, number>>>>): Measurements {
  const measurements = new Measurements();
  for (const [figure, subjects] of Object.entries(values)) {
    for (const [subject, value] of Object.entries(subjects)) measurements.add({ figure, subject }, value);
  }
  return measurements;
}

test("ours is compared with the peer and judged, the peer stands alone, and others are compared", () => {
  const measurements = measured({
    "1 at once, requests/s": { ours: 3000, Flask: 1000, other: 500 },
    "1 at once, error rate": { ours: 0, Flask: 0, other: 0.5 },
  });
  const unit = "requests/s";
  const alone = { against: null, ratio: null, ratioRange: null, goal: null, holds: null };
  expect(toRows(measurements, options)).toEqual([
    {
      name: "1 at once, requests/s, ours",
      value: 3000,
      unit,
      against: "Flask",
      ratio: 3,
      ratioRange: [3, 3],
      goal: ">= 2",
      holds: true,
    },
    { name: "1 at once, requests/s, Flask", value: 1000, unit, ...alone },
    {
      name: "1 at once, requests/s, other",
      value: 500,
      unit,
      against: "Flask",
      ratio: 0.5,
      ratioRange: [0.5, 0.5],
      goal: null,
      holds: null,
    },
    { name: "1 at once, error rate, ours", value: 0, unit: "fraction", ...alone, goal: "<= 0", holds: true },
    { name: "1 at once, error rate, Flask", value: 0, unit: "fraction", ...alone },
    { name: "1 at once, error rate, other", value: 0.5, unit: "fraction", ...alone },
  ]);
});

test("without the peer, the goals are there and none is judged", () => {
  const [row] = toRows(measured({ "cold start": { ours: 300 } }), options);
  expect(row).toMatchObject({
    name: "cold start, ours",
    against: "Flask",
    ratio: null,
    goal: "<= 1",
    holds: null,
  });
});
