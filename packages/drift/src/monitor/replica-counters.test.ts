import { createRandom } from "@mlops/stats";
import { expect, test } from "vitest";
import { IncompatibleProfilesError } from "../errors/incompatible-profiles-error.ts";
import { InvalidDriftOptionsError } from "../errors/invalid-drift-options-error.ts";
import { profile } from "../profile/create-profile.ts";
import { createDriftMonitor } from "./create-drift-monitor.ts";
import type { DriftMonitor } from "./drift-monitor.ts";
import { type DriftStore, MemoryDriftStore } from "./drift-store.ts";
import { drawRows } from "./streams.fixtures.ts";

const reference = profile(drawRows(2_000, 1));
const window = { ms: 1_000, shared: true } as const;

function createClock(): { now: number; readonly read: () => number } {
  const clock = { now: 50_000, read: () => clock.now };
  return clock;
}

/** What one process says that saw all rows. */
function judgedByOne(rows: readonly Readonly<Record<string, unknown>>[]): unknown {
  const clock = createClock();
  const one = createDriftMonitor({ reference, window: { ms: 1_000 }, now: clock.read });
  for (const row of rows) one.add(row);
  clock.now += 1_000;
  return one.verdict();
}

test.each([0, 1])("replicas say together what one process says that saw all, shift %s", async (shift) => {
  const clock = createClock();
  const store = new MemoryDriftStore({ now: clock.read });
  const random = createRandom(5);
  const replicas = Array.from({ length: 4 }, () =>
    createDriftMonitor({ reference, window, now: clock.read }),
  );
  const rows = drawRows(800, 6, shift);
  for (const [index, row] of rows.entries()) {
    const replica = replicas[random.integer(4)]!;
    replica.add(row);
    // Again and again, some of them twice at once: what counts is what was written last.
    if (index % 50 === 0)
      await Promise.all([replica.publish(store, "drift"), replica.publish(store, "drift")]);
  }
  clock.now += 1_000;
  await Promise.all(replicas.map((replica) => replica.publish(store, "drift")));
  expect(replicas.every((replica) => replica.health().looks === 0)).toBe(true);
  const verdict = await replicas[2]!.collect(store, "drift");
  expect(verdict).toEqual(judgedByOne(rows));
  expect(replicas[2]!.verdict()).toBe(verdict);
  // Each look at the store is a look of its own, whoever looks.
  expect(await replicas[0]!.collect(store, "drift")).toMatchObject({ look: 2, rows: 800 });
});

test("what a replica published before it died counts, and what a restored one counted does not count twice", async () => {
  const clock = createClock();
  const store = new MemoryDriftStore({ now: clock.read });
  const create = (from?: DriftMonitor): DriftMonitor =>
    createDriftMonitor({
      reference,
      window,
      now: clock.read,
      ...(from && { from: JSON.stringify(from.toJson()) }),
    });
  const rows = drawRows(600, 7);
  const [dying, moving] = [create(), create()];
  for (const row of rows.slice(0, 200)) dying.add(row);
  for (const row of rows.slice(200, 400)) moving.add(row);
  await dying.publish(store, "drift");
  await moving.publish(store, "drift");
  const moved = create(moving);
  for (const row of rows.slice(400)) moved.add(row);
  await moved.publish(store, "drift");
  clock.now += 1_000;
  expect(await create().collect(store, "drift")).toEqual(judgedByOne(rows));
});

test("a store that fails once costs nothing but a second call", async () => {
  const clock = createClock();
  const memory = new MemoryDriftStore({ now: clock.read });
  let failures = 1;
  const store: DriftStore = {
    get: (key) => memory.get(key),
    increment: (key, options) => memory.increment(key, options),
    set: (key, value, options) => {
      failures -= 1;
      return failures >= 0 ? Promise.reject(new Error("gone")) : memory.set(key, value, options);
    },
  };
  const replica = createDriftMonitor({ reference, window, now: clock.read });
  const rows = drawRows(500, 8);
  for (const row of rows) replica.add(row);
  await expect(replica.publish(store, "drift")).rejects.toThrow("gone");
  clock.now += 1_000;
  expect(await replica.collect(store, "drift")).toBeUndefined();
  await replica.publish(store, "drift");
  expect(await replica.collect(store, "drift")).toEqual(judgedByOne(rows));
});

test("a window that nobody published is no look, and old ones are forgotten", async () => {
  const clock = createClock();
  const store = new MemoryDriftStore({ now: clock.read });
  const replica = createDriftMonitor({ reference, window, now: clock.read });
  expect(await replica.collect(store, "drift")).toBeUndefined();
  for (const row of drawRows(10, 9)) replica.add(row);
  await replica.publish(store, "drift");
  expect(await store.get("drift:50000:1")).toContain("mlops.drift.profile");
  clock.now += 3_600_001;
  expect(await store.get("drift:50000:1")).toBeUndefined();
  expect(replica.health().looks).toBe(0);
});

test("counters of another reference are refused", async () => {
  const clock = createClock();
  const store = new MemoryDriftStore({ now: clock.read });
  const other = createDriftMonitor({ reference: drawRows(500, 10), window, now: clock.read });
  for (const row of drawRows(10, 9)) other.add(row);
  await other.publish(store, "drift");
  clock.now += 1_000;
  const replica = createDriftMonitor({ reference, window, now: clock.read });
  await expect(replica.collect(store, "drift")).rejects.toThrow(IncompatibleProfilesError);
});

test.each([
  [{ window: { rows: 5 } }, /window.shared/],
  [{ window: { ms: 5 } }, /window.shared/],
  [{ window, control: "false-discovery-rate" }, /control/],
] as const)("monitors with %j share nothing", async (options, message) => {
  const monitor = createDriftMonitor({ ...options, reference });
  const store = new MemoryDriftStore();
  await expect(monitor.publish(store, "drift")).rejects.toThrow(message);
  await expect(monitor.collect(store, "drift")).rejects.toThrow(InvalidDriftOptionsError);
});
