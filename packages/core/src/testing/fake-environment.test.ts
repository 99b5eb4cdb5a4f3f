import { expect, test } from "vitest";

import { FakeEnvironment, settled } from "./fake-environment.ts";

test("the clock stands until it is moved", async () => {
  const environment = new FakeEnvironment();
  const start = environment.now();
  await settled();
  expect(environment.now()).toBe(start);
  environment.advance(1.5);
  environment.block(2);
  expect(environment.now()).toBe(start + 3.5);
});

test("timers fire when they are due, in order, those that others set too", () => {
  const environment = new FakeEnvironment();
  const start = environment.now();
  const fired: [string, number][] = [];
  const note = (name: string) => (): void => void fired.push([name, environment.now() - start]);
  environment.setTimer(note("late"), 30);
  environment.setTimer(() => environment.setTimer(note("inner"), 5), 10);
  const cancel = environment.setTimer(note("cancelled"), 12);
  environment.setTimer(note("equal"), 30);
  cancel();
  environment.advance(20);
  expect(fired).toEqual([["inner", 15]]);
  expect(environment.timerCount).toBe(2);
  environment.advance(10);
  expect(fired).toEqual([
    ["inner", 15],
    ["late", 30],
    ["equal", 30],
  ]);
});

test("what a blocked thread was to do comes late", () => {
  const environment = new FakeEnvironment();
  const start = environment.now();
  const fired: number[] = [];
  environment.setTimer(() => fired.push(environment.now() - start), 10);
  environment.block(50);
  expect(fired).toEqual([]);
  environment.advance(0);
  expect(fired).toEqual([50]);
});

test("deferred calls wait to be run", async () => {
  const environment = new FakeEnvironment();
  const called: string[] = [];
  environment.defer(() => {
    called.push("first");
    environment.defer(() => called.push("second"));
  });
  await settled();
  expect(called).toEqual([]);
  environment.runDeferred();
  expect(called).toEqual(["first", "second"]);
});
