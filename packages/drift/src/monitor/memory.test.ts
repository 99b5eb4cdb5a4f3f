import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { createRandom } from "@mlops/stats";
import { expect, test } from "vitest";
import { profile } from "../profile/create-profile.ts";
import type { Profile } from "../profile/profile.ts";
import { createDriftMonitor } from "./create-drift-monitor.ts";
import type { MonitorWindow } from "./monitor-window.ts";

const features = 1_000;

/** Numbers in 1,024 cells, under many names. */
function wideReference(): Profile {
  const random = createRandom(1);
  const one = profile({ x: Float64Array.from({ length: 20_000 }, () => random.normal()) });
  const [column] = one.columns;
  return {
    ...one,
    columns: Array.from({ length: features }, (_, index) => ({ ...column!, name: `x${index}` })),
  };
}

function collectGarbage(): void {
  setFlagsFromString("--expose-gc");
  // The flag makes it known to contexts that are new.
  const collect = runInNewContext("gc") as () => void;
  collect();
}

/** Bytes in arrays, where all counters are. */
function arrayBytes(): number {
  collectGarbage();
  return process.memoryUsage().arrayBuffers;
}

test.each([
  // 8 bytes for each of 1,024 cells, and two exact sums.
  ["rows", { rows: 1_000_000 }, 8_192 + 1_088],
  ["time, of which two are open", { ms: 1_000, lateMs: 1_000 }, 2 * (8_192 + 1_088)],
  // 24 bytes for each of 2,048 nodes, 20 for each of 1,024 cells, and 2 for each row.
  ["sliding", { rows: 500, sliding: true }, 24 * 2_048 + 20 * 1_024 + 2 * 500],
] as const)(
  "windows of %s keep so many bytes for each number, however long the stream",
  (_name, window, stated) => {
    const reference = wideReference();
    const before = arrayBytes();
    let now = 0;
    // An array literal's type is narrower than what is asked for.
    const monitor = createDriftMonitor({ reference, window: window as MonitorWindow, now: () => now });
    const random = createRandom(2);
    const feed = (rows: number): void => {
      for (let row = 0; row < rows; row += 1) {
        now += 3;
        const value = random.normal();
        monitor.add(Object.fromEntries(reference.columns.map(({ name }) => [name, value])));
      }
    };
    feed(520);
    const early = arrayBytes() - before;
    expect(early / features).toBeLessThan(stated * 1.1 + 512);
    feed(60);
    expect(arrayBytes() - before).toBeLessThan(early * 1.05);
    expect(monitor.health().rows).toBe(580);
  },
);
