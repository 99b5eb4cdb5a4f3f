import { GrowthBook } from "@growthbook/growthbook";
import fc from "fast-check";
import { describe, expect, test } from "vitest";

import type { Namespace } from "./growthbook.ts";
import { Router } from "./router.ts";

// Against GrowthBook's own SDK, which is run beside it.

interface Experiment {
  readonly key: string;
  readonly seed: string;
  readonly version: 1 | 2;
  readonly coverage: number;
  readonly weights: readonly number[];
  readonly namespace: Namespace | undefined;
}

/** The index of the SDK's variation, and whether the user is in the experiment. */
function askSdk({ key, seed, version, coverage, weights, namespace }: Experiment): [number, boolean] {
  const growthBook = new GrowthBook({ attributes: { id: key } });
  const { variationId, inExperiment } = growthBook.run({
    key: "experiment",
    variations: [...weights.keys()] as [number, number, ...number[]], // There are at least two weights.
    weights: [...weights],
    coverage,
    seed,
    hashVersion: version,
    ...(namespace && {
      namespace: [namespace.id, namespace.start, namespace.end] as [string, number, number],
    }),
  });
  growthBook.destroy();
  return [variationId, inExperiment];
}

function askRouter({ key, seed, version, coverage, weights, namespace }: Experiment): [number, boolean] {
  const variants = weights.map((weight, index) => ({ variant: `v${index}`, weight }));
  const router = new Router({
    algorithm: `growthbook/${version}`,
    seed,
    coverage,
    variants,
    namespace,
    defaultVariant: "v0",
  });
  return [router.route(key), router.isEligible(key)];
}

const fraction = fc.nat(1_000).map((thousandths) => thousandths / 1_000);

const anyExperiment: fc.Arbitrary<Experiment> = fc.record({
  // GrowthBook leaves out whoever has no id.
  key: fc.string({ unit: "binary", minLength: 1, maxLength: 20 }),
  seed: fc.string({ minLength: 1, maxLength: 20 }),
  version: fc.constantFrom(1, 2),
  coverage: fraction,
  weights: fc.array(fc.integer({ min: 1, max: 50 }), { minLength: 2, maxLength: 6 }).map((parts) => {
    const sum = parts.reduce((total, part) => total + part, 0);
    return parts.map((part) => part / sum);
  }),
  namespace: fc.option(fc.record({ id: fc.string({ maxLength: 8 }), start: fraction, end: fraction }), {
    nil: undefined,
  }),
});

describe("the algorithms growthbook/1 and growthbook/2", () => {
  test("law: they assign as GrowthBook's SDK does", () => {
    fc.assert(
      fc.property(anyExperiment, (experiment) => {
        expect(askRouter(experiment)).toEqual(askSdk(experiment));
      }),
      { seed: 1, numRuns: 1_500 },
    );
  });

  test("the property sees both who takes part and who does not, in every variant", () => {
    const seen = new Set(
      fc.sample(anyExperiment, { seed: 1, numRuns: 400 }).map((experiment) => String(askSdk(experiment))),
    );
    expect([...seen]).toEqual(expect.arrayContaining(["0,false", "0,true", "1,true", "3,true"]));
  });
});
