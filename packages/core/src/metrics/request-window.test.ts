import fc from "fast-check";
import { expect, test } from "vitest";
import { RequestWindow } from "./request-window.ts";

test("holds what an array of the last so many requests holds", () => {
  const request = fc.record({
    afterMs: fc.nat(5),
    totalMs: fc.oneof(fc.nat(100), fc.constant(NaN)),
    queueMs: fc.oneof(fc.nat(100), fc.constant(NaN)),
    rows: fc.nat(9),
    outcome: fc.nat(2),
  });
  const schedules = fc.array(request, { maxLength: 400 });
  fc.assert(
    fc.property(schedules, fc.integer({ min: 1, max: 200 }), fc.nat(2_000), (requests, capacity, since) => {
      const window = new RequestWindow(capacity);
      let now = 0;
      const pushed = requests.map(({ afterMs, totalMs, queueMs, rows, outcome }) => {
        now += afterMs;
        window.push(now, totalMs, queueMs, totalMs / 4, rows, outcome);
        return { recordedAt: now, totalMs, queueMs, rows, outcome };
      });
      const kept = pushed.slice(-capacity);
      const inTime = kept.filter(({ recordedAt }) => recordedAt > since);
      const valid = inTime.filter(({ outcome, totalMs }) => outcome === 0 && !Number.isNaN(totalMs));
      const selected = window.select(since, 3);
      const expected = valid.map(({ totalMs }) => totalMs).toSorted((a, b) => a - b);
      expect(selected.requests).toBe(inTime.length);
      expect(selected.rows).toBe(inTime.reduce((sum, { rows }) => sum + rows, 0));
      expect(Array.from(selected.totalMs.toSorted())).toEqual(expected);
      const waits = valid.map(({ queueMs }) => queueMs).filter((queueMs) => !Number.isNaN(queueMs));
      expect(Array.from(selected.queueMs.toSorted())).toEqual(waits.toSorted((a, b) => a - b));
      expect(Array.from(selected.runMs.toSorted())).toEqual(expected.map((value) => value / 4));
      expect([...selected.outcomeCounts]).toEqual(
        [0, 1, 2].map((outcome) => inTime.filter((one) => one.outcome === outcome).length),
      );
      expect(window.overwrittenAt).toBe(pushed.at(-capacity - 1)?.recordedAt ?? -Infinity);
    }),
  );
});
