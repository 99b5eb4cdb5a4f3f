import fc from "fast-check";
import { expect, test } from "vitest";
import { AvailabilityClock, type AvailabilityState } from "./availability-clock.ts";

test("nothing was measured before the first state, nor while it is unknown", () => {
  const clock = new AvailabilityClock();
  expect(clock.read(1_000)).toEqual({ ratio: null, upMs: 0, downMs: 0, outages: 0, state: "unknown" });
  clock.set("up", 2_000);
  clock.set("unknown", 5_000);
  expect(clock.read(9_000)).toEqual({ ratio: 1, upMs: 3_000, downMs: 0, outages: 0, state: "unknown" });
});

test("a timeline by hand: 9 s up, 1 s down, 8 s up, 2 s down", () => {
  const clock = new AvailabilityClock();
  clock.set("up", 100_000);
  clock.set("down", 109_000);
  expect(clock.read(110_000)).toEqual({ ratio: 0.9, upMs: 9_000, downMs: 1_000, outages: 1, state: "down" });
  clock.set("up", 110_000);
  clock.set("up", 112_000);
  clock.set("down", 118_000);
  clock.set("down", 119_000);
  expect(clock.read(120_000)).toEqual({
    ratio: 0.85,
    upMs: 17_000,
    downMs: 3_000,
    outages: 2,
    state: "down",
  });
});

test("a clock that goes backwards adds nothing, and loses nothing", () => {
  const clock = new AvailabilityClock();
  clock.set("up", 10_000);
  clock.set("up", 4_000);
  expect(clock.read(12_000)).toMatchObject({ upMs: 2_000, downMs: 0 });
});

test("up and down time add up to the time that was not unknown, however often it is read", () => {
  const state = fc.constantFrom<AvailabilityState>("up", "down", "unknown");
  const steps = fc.array(fc.record({ state, ms: fc.nat(1_000), isRead: fc.boolean() }));
  fc.assert(
    fc.property(steps, (timeline) => {
      const clock = new AvailabilityClock();
      const spent = { up: 0, down: 0, unknown: 0 };
      let now = 0;
      for (const step of timeline) {
        clock.set(step.state, now);
        now += step.ms;
        spent[step.state] += step.ms;
        if (step.isRead) clock.read(now);
      }
      expect(clock.read(now)).toMatchObject({ upMs: spent.up, downMs: spent.down });
    }),
  );
});
