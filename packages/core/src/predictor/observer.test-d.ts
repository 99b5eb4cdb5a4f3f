import { expectTypeOf, test } from "vitest";
import type { Observer } from "./prediction-event.ts";
import type { Predictor } from "./predictor.ts";

test("an observer may give back anything, and may be asynchronous", () => {
  const heard: string[] = [];
  expectTypeOf<(event: { readonly model: string }) => Promise<void>>().toExtend<Observer<string, number>>();
  expectTypeOf<(event: { readonly model: string }) => number>().toExtend<Observer<string, number>>();
  const observe = (predictor: Predictor<string, number>): (() => void) =>
    predictor.observe((event) => heard.push(event.model), { name: "audit", maxPending: 10 });
  expectTypeOf(observe).returns.toEqualTypeOf<() => void>();
});

test("of a composition's event, waits and batches are not known", () => {
  type Event = Parameters<Observer<string, number>>[0];
  expectTypeOf<Event["queueMs"]>().toEqualTypeOf<number | undefined>();
  expectTypeOf<Event["batchRows"]>().toEqualTypeOf<number | undefined>();
  expectTypeOf<Event["runMs"]>().toEqualTypeOf<number>();
});
