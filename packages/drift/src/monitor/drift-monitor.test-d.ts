import type { PredictionEvent } from "@mlops/core";
import { expectTypeOf, test } from "vitest";
import { createDriftMonitor } from "./create-drift-monitor.ts";
import type { DriftMonitor } from "./drift-monitor.ts";
import { selectPrediction } from "./select-prediction.ts";

/** What `@mlops/rollout` asks of something that judges a candidate, in its own words. */
interface VerdictSource {
  judge(): {
    readonly status: "pass" | "fail" | "inconclusive" | "no-data" | "error";
    readonly reason: string;
    readonly evidence: {
      readonly samples: number;
      readonly controlSamples?: number | undefined;
      readonly estimate?: number | undefined;
      readonly low?: number | undefined;
      readonly high?: number | undefined;
      readonly limit?: number | undefined;
      readonly unit?: string | undefined;
    };
  };
}

test("a monitor's guardrail is what a rollout asks for", () => {
  expectTypeOf<ReturnType<DriftMonitor["asGuardrail"]>>().toExtend<VerdictSource>();
});

test("a monitor observes any predictor", () => {
  const monitor = createDriftMonitor({ reference: [{ age: 1 }] });
  type Event = PredictionEvent<{ age: number }, number>;
  expectTypeOf(monitor.observer).toExtend<(event: Event) => unknown>();
});

test("select gets the event that it names", () => {
  const monitor = createDriftMonitor({
    reference: [{ age: 1 }],
    select: (event: PredictionEvent<{ age: number }, number>) =>
      event.outcome === "success" ? { age: event.input?.age, price: event.output } : undefined,
  });
  expectTypeOf(monitor).toEqualTypeOf<DriftMonitor<PredictionEvent<{ age: number }, number>>>();
  expectTypeOf(monitor.observer).parameter(0).not.toEqualTypeOf<{ age: number }>();
});

test("select may not give what is no row", () => {
  // @ts-expect-error - a number is no row, and no list of rows
  expectTypeOf(createDriftMonitor).toBeCallableWith({ reference: [{ age: 1 }], select: () => 3 });
});

test("selectPrediction takes a predictor's events", () => {
  expectTypeOf(selectPrediction()).toBeCallableWith({} as PredictionEvent<string, string>);
});
