import fc from "fast-check";
import { describe, expect, test } from "vitest";

import { ByteLru } from "./byte-lru.ts";

describe("ByteLru", () => {
  test("lets the least recently used go first", () => {
    const lru = new ByteLru<number>(30);
    for (const key of ["a", "b", "c"]) lru.set(key, 1, 10, Infinity);
    lru.get("a", 0);
    lru.set("d", 1, 10, Infinity);
    expect(["a", "b", "c", "d"].filter((key) => lru.get(key, 0))).toEqual(["a", "c", "d"]);
    expect(lru.stats).toEqual({ entries: 3, bytes: 30, evictions: 1, expirations: 0 });
  });

  test("keeps nothing that is larger than the whole, and not what it replaces", () => {
    const lru = new ByteLru<number>(30);
    lru.set("a", 1, 30, Infinity);
    lru.set("a", 2, 31, Infinity);
    expect(lru.get("a", 0)).toBeUndefined();
    expect(lru.stats).toEqual({ entries: 0, bytes: 0, evictions: 0, expirations: 0 });
  });

  test("gives nothing that is too old", () => {
    const lru = new ByteLru<number>(30);
    lru.set("a", 1, 10, 100);
    expect(lru.get("a", 99)).toMatchObject({ value: 1 });
    expect(lru.get("a", 100)).toBeUndefined();
    expect(lru.stats).toEqual({ entries: 0, bytes: 0, evictions: 0, expirations: 1 });
  });

  test("forgets everything on clear()", () => {
    const lru = new ByteLru<number>(30);
    lru.set("a", 1, 10, Infinity);
    lru.clear();
    expect(lru.stats).toMatchObject({ entries: 0, bytes: 0 });
    expect(lru.get("a", 0)).toBeUndefined();
  });

  const key = fc.constantFrom("a", "b", "c", "d", "e");
  const step = fc.oneof(
    fc.record({ type: fc.constant("get" as const), key, now: fc.nat(10) }),
    fc.record({
      type: fc.constant("set" as const),
      key,
      bytes: fc.nat(12),
      expiresAt: fc.integer({ min: 1, max: 12 }),
    }),
  );

  test("does what a list in the order of use does, and never holds more than its bound", () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60, size: "max" }), fc.nat(30), (steps, maxBytes) => {
        const lru = new ByteLru<number>(maxBytes);
        const got: [actual: unknown, expected: unknown][] = [];
        let list: { key: string; value: number; bytes: number; expiresAt: number }[] = [];
        for (const [value, taken] of steps.entries()) {
          const found = list.find((entry) => entry.key === taken.key);
          list = list.filter((entry) => entry !== found);
          if (taken.type === "get") {
            const isAlive = found !== undefined && found.expiresAt > taken.now;
            if (isAlive) list.push(found);
            got.push([lru.get(taken.key, taken.now)?.value, isAlive ? found.value : undefined]);
          } else {
            lru.set(taken.key, value, taken.bytes, taken.expiresAt);
            const sum = (): number => list.reduce((total, { bytes }) => total + bytes, taken.bytes);
            if (taken.bytes <= maxBytes) {
              while (sum() > maxBytes) list.shift();
              list.push({ ...taken, value });
            }
          }
          const bytes = list.reduce((total, entry) => total + entry.bytes, 0);
          expect(lru.stats).toMatchObject({ entries: list.length, bytes });
          expect(lru.stats.bytes).toBeLessThanOrEqual(maxBytes);
        }
        expect(got.map(([actual]) => actual)).toEqual(got.map(([, expected]) => expected));
      }),
    );
  });
});
