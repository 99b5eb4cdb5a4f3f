import { createRandom, type Random } from "@mlops/stats";
import type { ProfileRow } from "../profile/profile-data.ts";
import type { DriftMonitorOptions } from "./monitor-options.ts";
import { createDriftMonitor } from "./create-drift-monitor.ts";

const plans = ["basic", "pro", "team", "enterprise"] as const;

/** A row with numbers that are skewed, numbers with ties and gaps, and categories. */
export function drawRow(random: Random, shift = 0): ProfileRow {
  return {
    price: Math.exp(random.normal(shift, 1)),
    visits: random() < 0.1 ? null : random.poisson(2),
    plan: plans[random.zipf(1, 4) - 1],
  };
}

export function drawRows(count: number, seed: number, shift = 0): ProfileRow[] {
  const random = createRandom(seed);
  return Array.from({ length: count }, () => drawRow(random, shift));
}

/** How often streams without drift raised an alarm, and how long. */
export interface AlarmCount {
  readonly streams: number;
  /** Streams with an alarm or more. */
  readonly alarmed: number;
  readonly alarms: number;
  readonly looks: number;
}

/** Watches streams that are like their references, which are drawn anew for each. */
export function countAlarms(
  {
    streams,
    rows,
    seed,
    referenceRows = 1_000,
  }: {
    readonly streams: number;
    readonly rows: number;
    readonly seed: number;
    readonly referenceRows?: number;
  },
  options: Omit<DriftMonitorOptions, "reference">,
): AlarmCount {
  let alarmed = 0;
  let alarms = 0;
  let looks = 0;
  for (let stream = 0; stream < streams; stream += 1) {
    const random = createRandom(seed + stream);
    const reference = Array.from({ length: referenceRows }, () => drawRow(random));
    const monitor = createDriftMonitor({ ...options, reference });
    for (let row = 0; row < rows; row += 1) monitor.add(drawRow(random));
    const health = monitor.health();
    alarms += health.alarms;
    looks += health.looks;
    if (health.alarms > 0) alarmed += 1;
  }
  return { streams, alarmed, alarms, looks };
}
