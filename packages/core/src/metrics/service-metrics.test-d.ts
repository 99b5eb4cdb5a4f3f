import type { Meter } from "@opentelemetry/api";
import { expectTypeOf, test } from "vitest";
import type { PredictionEvent } from "../predictor/prediction-event.ts";
import type { Predictor } from "../predictor/predictor.ts";
import type { OpenTelemetryMeter } from "./open-telemetry.ts";
import type { MetricsEvent, WatchablePredictor } from "./metrics-event.ts";

test("every predictor can be watched, and every event recorded", () => {
  expectTypeOf<Predictor>().toExtend<WatchablePredictor>();
  expectTypeOf<Predictor<{ text: string }, number>>().toExtend<WatchablePredictor>();
  expectTypeOf<PredictionEvent<string, number>>().toExtend<MetricsEvent>();
});

test("what tells no outcome or no times is no event", () => {
  expectTypeOf<Omit<MetricsEvent, "outcome">>().not.toExtend<MetricsEvent>();
  expectTypeOf<Omit<MetricsEvent, "totalMs">>().not.toExtend<MetricsEvent>();
});

test("a meter of OpenTelemetry's API fits without a cast", () => {
  expectTypeOf<Meter>().toExtend<OpenTelemetryMeter>();
});
