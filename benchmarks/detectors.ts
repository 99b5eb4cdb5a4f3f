// `pnpm bench:detectors`: false alarms, delay and cost of every detector, calibrated and by River's rule, beside one
// that always fires. Prints DETECTORS.md.
import { parseArgs } from "node:util";

import {
  createDetector,
  type DetectorName,
  detectorNames,
  type DriftDetector,
  evaluateDetector,
} from "@mlops/drift/detectors";

import { changingStreams, stableStreams, type Stream, valuesOf } from "./detectors/streams.ts";
import { describeMachine } from "./lib/machine.ts";

interface Subject {
  readonly title: string;
  readonly takesErrors: boolean;
  readonly create: (seed: number) => Pick<DriftDetector, "update">;
}

const errorDetectors: readonly DetectorName[] = ["ddm", "eddm", "hddm-a", "hddm-w"];

const { values: options } = parseArgs({
  args: process.argv.slice(2).filter((argument) => argument !== "--"),
  options: { quick: { type: "boolean", default: false } },
});
const stableValues = options.quick ? 5000 : 1_000_000;
const repeats = options.quick ? 2 : 100;

const always = { drift: true, warning: false, statistic: undefined, threshold: undefined } as const;
const subjects: readonly Subject[] = [
  ...detectorNames.flatMap((name): Subject[] => [
    {
      title: name,
      takesErrors: errorDetectors.includes(name),
      create: (seed) => createDetector(name, { seed }),
    },
    {
      title: `${name}, River's rule`,
      takesErrors: errorDetectors.includes(name),
      create: () => createDetector(name, { parity: "river" }),
    },
  ]),
  { title: "always fires", takesErrors: false, create: () => ({ update: () => always }) },
];

process.stdout.write(`# Detectors

Printed by \`pnpm bench:detectors\`. ${describeMachine()}. Calibrated detectors have their default, a false alarm
expected every 10,000 values.

## False alarms

Values per false alarm in ${stableValues.toLocaleString("en-US")} values without a change; "none" where there was none.

${falseAlarms()}

## Finding a change

Means over ${repeats} streams of 4,000 values with one change in the middle, which counts as found within 1,000 values:
values until the alarm / share missed / false alarms per stream. A delay without its missed and false alarms says
nothing: see the last row.

${changes()}

## Cost

Nanoseconds per value on the first stream that a detector takes, with the stream made beforehand.

${costs()}
`);

function falseAlarms(): string {
  return table(stableStreams, (subject, stream) => {
    // River's KSWIN takes long, and has a false alarm every few hundred values.
    const count = subject.title.startsWith("kswin,") ? stableValues / 10 : stableValues;
    const { falseAlarms: alarms } = evaluateDetector(subject.create(0), valuesOf(stream, 1, count), {
      drifts: [],
      maximumDelay: 1,
    });
    return alarms === 0 ? "none" : Math.round(count / alarms).toLocaleString("en-US");
  });
}

function changes(): string {
  return table(changingStreams, (subject, stream) => {
    let [delay, found, alarms] = [0, 0, 0];
    for (let seed = 0; seed < repeats; seed += 1) {
      const evaluation = evaluateDetector(subject.create(seed), valuesOf(stream, seed, 4000), {
        drifts: [2000],
        maximumDelay: 1000,
      });
      alarms += evaluation.falseAlarms;
      if (evaluation.detectionDelay === undefined) continue;
      delay += evaluation.detectionDelay;
      found += 1;
    }
    const missed = `${Math.round((1 - found / repeats) * 100)} %`;
    return `${found === 0 ? "-" : Math.round(delay / found)} / ${missed} / ${(alarms / repeats).toFixed(2)}`;
  });
}

function costs(): string {
  const rows = subjects.map((subject) => {
    const [stream] = stableStreams.filter(({ isErrors }) => isErrors || !subject.takesErrors);
    const count = options.quick ? 1000 : subject.title.startsWith("kswin") ? 100_000 : 500_000;
    const values = Float64Array.from(valuesOf(stream!, 1, count));
    const detector = subject.create(0);
    const start = performance.now();
    for (const value of values) detector.update(value);
    const nanoseconds = ((performance.now() - start) / count) * 1e6;
    return `| ${subject.title} | ${Math.round(nanoseconds)} |`;
  });
  return ["| Detector | ns |", "| --- | --- |", ...rows].join("\n");
}

function table(streams: readonly Stream[], cell: (subject: Subject, stream: Stream) => string): string {
  const rows = subjects.map((subject) => {
    const cells = streams.map((stream) =>
      subject.takesErrors && !stream.isErrors ? "" : cell(subject, stream),
    );
    return `| ${[subject.title, ...cells].join(" | ")} |`;
  });
  const titles = ["Detector", ...streams.map(({ title }) => title)];
  return [`| ${titles.join(" | ")} |`, `| ${titles.map(() => "---").join(" | ")} |`, ...rows].join("\n");
}
