import { describe, expectTypeOf, test } from "vitest";

import type { Predictor } from "../predictor/predictor.ts";
import { cached, type CachedPredictor } from "./cached.ts";
import { definePredictor } from "./define-predictor.ts";
import { ensemble } from "./ensemble.ts";
import { fallback } from "./fallback.ts";
import { mean } from "./mean.ts";
import { pipeline } from "./pipeline.ts";
import { retrying } from "./retrying.ts";
import { majorityVote, weightedVote } from "./vote.ts";
import { withTimeout } from "./with-timeout.ts";
import { wrapPredictor } from "./wrap-predictor.ts";

interface Device {
  readonly brand: string;
}
type Condition = "new" | "used";

const price = {} as Predictor<Device, number>;
const condition = {} as Predictor<Device, Condition>;
const scores = {} as Predictor<Device, { new: number; used: number }>;
const text = {} as Predictor<number, string>;
const length = {} as Predictor<string, { readonly length: number }>;

describe("ensemble()", () => {
  test("mean() gives numbers of the members' kind", () => {
    expectTypeOf(ensemble([price, price], { combine: mean() })).toEqualTypeOf<Predictor<Device, number>>();
    expectTypeOf(ensemble([scores], { combine: mean({ weights: [1] }) })).toEqualTypeOf<
      Predictor<Device, { new: number; used: number }>
    >();
    const lists = {} as Predictor<Device, readonly number[]>;
    expectTypeOf(ensemble([lists], { combine: mean() })).toEqualTypeOf<Predictor<Device, number[]>>();
    interface Scores {
      readonly good: 0 | 1;
    }
    expectTypeOf(mean()([{ good: 0 } as Scores])).toEqualTypeOf<{ readonly good: number }>();
    expectTypeOf(mean()([1, 2])).toEqualTypeOf<number>();
    // @ts-expect-error - labels have no mean
    ensemble([condition], { combine: mean() });
    // @ts-expect-error - a record of strings has no mean
    mean()([{ a: "1" }]);
    // @ts-expect-error - strings have no mean
    mean()(["1"]);
  });

  test("votes give one of the members' labels", () => {
    expectTypeOf(ensemble([condition], { combine: majorityVote() })).toEqualTypeOf<
      Predictor<Device, Condition>
    >();
    expectTypeOf(ensemble([condition], { combine: weightedVote({ weights: [1] }) })).toEqualTypeOf<
      Predictor<Device, Condition>
    >();
    const best = majorityVote({
      label: ({ new: isNew }: { new: number }): Condition => (isNew > 0.5 ? "new" : "used"),
    });
    expectTypeOf(ensemble([scores], { combine: best })).toEqualTypeOf<Predictor<Device, Condition>>();
    // @ts-expect-error - records are no labels
    ensemble([scores], { combine: majorityVote() });
    // @ts-expect-error - a weighted vote has weights
    weightedVote();
  });

  test("a function of one's own knows the outputs and the input", () => {
    const composed = ensemble([price, price], {
      combine(outputs, { input, answeredBy }) {
        expectTypeOf(outputs).toEqualTypeOf<readonly number[]>();
        expectTypeOf(input).toEqualTypeOf<Device>();
        expectTypeOf(answeredBy).toEqualTypeOf<readonly number[]>();
        return Promise.resolve({ spread: Math.max(...outputs) });
      },
    });
    expectTypeOf(composed).toEqualTypeOf<Predictor<Device, { spread: number }>>();
  });

  test("members take the same input, and give the same kind of output", () => {
    expectTypeOf(ensemble<Device, number | Condition, boolean>).toBeCallableWith([price, condition], {
      combine: (outputs) => outputs.length > 1,
    });
    // @ts-expect-error - one takes a device, the other a number
    ensemble([price, text], { combine: ([first]) => first });
    // @ts-expect-error - combine is required
    ensemble([price], {});
  });
});

describe("pipeline()", () => {
  test("has the input of the first step and the output of the last", () => {
    expectTypeOf(pipeline([price])).toEqualTypeOf<Predictor<Device, number>>();
    expectTypeOf(pipeline([price, text])).toEqualTypeOf<Predictor<Device, string>>();
    expectTypeOf(pipeline([price, text, length], { name: "a" })).toEqualTypeOf<
      Predictor<Device, { readonly length: number }>
    >();
    const id = {} as Predictor<number, number>;
    expectTypeOf(pipeline([price, id, id, id, id, id, id, text])).toEqualTypeOf<Predictor<Device, string>>();
  });

  test("functions between know what they get", () => {
    const composed = pipeline([
      price,
      (euros, { signal }) => {
        expectTypeOf(euros).toEqualTypeOf<number>();
        expectTypeOf(signal).toEqualTypeOf<AbortSignal | undefined>();
        return Promise.resolve(String(euros));
      },
      length,
      (measured) => measured.length > 3,
    ]);
    expectTypeOf(composed).toEqualTypeOf<Predictor<Device, boolean>>();
  });

  test("refuses steps that do not fit", () => {
    expectTypeOf(pipeline([price, text])).not.toExtend<Predictor<Device, number>>();
    // @ts-expect-error - the second step takes a string, the first gives a number
    pipeline([price, length]);
    // @ts-expect-error - the function gives a boolean, the next step takes a string
    pipeline([price, (euros) => euros > 3, length]);
    // @ts-expect-error - the output is a string, whatever is hoped for
    const hoped: Predictor<Device, number> = pipeline([price, text]);
    void hoped;
    // @ts-expect-error - a pipeline has a step
    pipeline([]);
  });
});

describe("the others", () => {
  test("are of the predictor's own type", () => {
    expectTypeOf(fallback([price, price])).toEqualTypeOf<Predictor<Device, number>>();
    expectTypeOf(retrying(price)).toEqualTypeOf<Predictor<Device, number>>();
    expectTypeOf(withTimeout(price, 5)).toEqualTypeOf<Predictor<Device, number>>();
    expectTypeOf(wrapPredictor(price, { around: (run, options) => run(options) })).toEqualTypeOf<
      Predictor<Device, number>
    >();
    expectTypeOf(cached(price, { maxBytes: 1 })).toEqualTypeOf<CachedPredictor<Device, number>>();
    expectTypeOf<CachedPredictor<Device, number>>().toExtend<Predictor<Device, number>>();
  });

  test("cached() knows what its functions get", () => {
    const composed = cached(price, {
      maxBytes: 1,
      key(input, { key }) {
        expectTypeOf(input).toEqualTypeOf<Device>();
        return input.brand + key;
      },
      sizeOf(output) {
        expectTypeOf(output).toEqualTypeOf<number>();
        return 8;
      },
    });
    expectTypeOf(composed).toEqualTypeOf<CachedPredictor<Device, number>>();
    // @ts-expect-error - a cache has a bound
    cached(price, {});
  });

  test("definePredictor() infers from its function", () => {
    const vat = definePredictor({ name: "vat", version: "1", predict: async (net: number) => net * 1.19 });
    expectTypeOf(vat).toEqualTypeOf<Predictor<number, number>>();
    // @ts-expect-error - a predictor has a version
    definePredictor({ name: "vat", predict: (net: number) => net });
    // @ts-expect-error - a cache is asked for what it takes
    void cached(vat, { maxBytes: 1 }).predict("100");
    // @ts-expect-error - what goes around a request gives its answer
    wrapPredictor(vat, { around: async () => 5 });
  });
});
