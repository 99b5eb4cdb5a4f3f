// `pnpm bench:worker-hop`: by which way tensors go to a worker thread and back, against structured clone.
import { Worker } from "node:worker_threads";

import { formatNumber } from "./lib/format-number.ts";
import { describeMachine } from "./lib/machine.ts";
import { Measurements } from "./lib/measurements.ts";
import { percentile } from "./lib/percentile.ts";
import { orderOfRound } from "./lib/rounds.ts";
import { formatTable } from "./lib/table.ts";
import { createWays, type HopReply, wayNames } from "./worker-hop/ways.ts";

const rounds = 9;
const hopsPerTurn = 150;
const warmUpHops = 300;
const sizes = [
  { title: "64 B", byteLength: 64 },
  { title: "4 KiB", byteLength: 4 * 1024 },
  { title: "64 KiB", byteLength: 64 * 1024 },
  { title: "1 MiB", byteLength: 1024 * 1024 },
  { title: "8 MiB", byteLength: 8 * 1024 * 1024 },
];
const baseline = wayNames[0];

const worker = new Worker(new URL("worker-hop/thread.ts", import.meta.url));
let resolve = (_reply: HopReply): void => {};
worker.on("message", (reply: HopReply) => resolve(reply));
const measurements = new Measurements();
for (const { title, byteLength } of sizes) {
  const source = new Float32Array(byteLength / 4).fill(1);
  const ways = createWays(
    source,
    (message, transfer) =>
      new Promise((settle) => {
        resolve = settle;
        worker.postMessage(message, transfer);
      }),
  );
  for (const name of wayNames) for (let hop = 0; hop < warmUpHops; hop += 1) await ways[name]();
  for (let round = 0; round < rounds; round += 1) {
    for (const name of orderOfRound(wayNames, round)) {
      const times: number[] = [];
      for (let hop = 0; hop < hopsPerTurn; hop += 1) {
        const startedAt = performance.now();
        const sum = await ways[name]();
        times.push(1000 * (performance.now() - startedAt));
        if (sum !== source.length) throw new Error(`${name}: the worker has ${sum}, not ${source.length}.`);
      }
      const sorted = times.toSorted((a, b) => a - b);
      measurements.add({ figure: title, subject: name }, percentile(sorted, 50));
    }
  }
}
await worker.terminate();

const rows = sizes.flatMap(({ title: figure }) =>
  wayNames.map((subject) => {
    const key = { figure, subject };
    const range = measurements.ratioRange(key, baseline)!;
    return [
      figure,
      subject,
      formatNumber(measurements.value(key)!),
      formatNumber(measurements.ratio(key, baseline)!),
      range.map(formatNumber).join(" to "),
    ];
  }),
);
const columns = [
  { title: "input" },
  { title: "way" },
  { title: "round trip p50 µs", align: "end" },
  { title: "ratio", align: "end" },
  { title: "of rounds" },
] as const;
process.stdout.write(`Median of ${rounds} rounds. ${describeMachine()}.\n\n${formatTable(columns, rows)}\n`);
