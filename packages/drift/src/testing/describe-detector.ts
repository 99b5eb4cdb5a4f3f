import type { DetectorState, DriftDetector } from "../detectors/detector.ts";
import { DriftError } from "../errors/drift-error.ts";
import { InvalidDriftOptionsError } from "../errors/invalid-drift-options-error.ts";
import { constantStream, type DetectorStream, errorStream, normalStream } from "./detector-streams.ts";

/** What the suite is told of a detector. */
export interface DetectorConformanceOptions {
  /** A new detector, the same each time. */
  readonly create: () => DriftDetector;
  /** One that goes on from a state that has been through JSON. */
  readonly restore: (state: DetectorState) => DriftDetector;
  /** Whether it takes any numbers, or errors (0 and 1) only. */
  readonly values: "numbers" | "errors";
  /** Whether a stream in other units gives the same alarms. Default false. */
  readonly isScaleFree?: boolean | undefined;
  /** What is not run. Default none: every test is. */
  readonly skip?: readonly DetectorSkip[] | undefined;
}

/** A test that a detector does not pass, and why. */
export interface DetectorSkip {
  /** The test's whole name. One that no test has is refused. */
  readonly test: string;
  readonly reason: string;
}

/** The functions of a test runner that are called; those of vitest, jest, bun and `node:test` fit. */
export interface DetectorTestRunner {
  readonly describe: (name: string, body: () => void) => unknown;
  readonly test: {
    (name: string, body: () => void): unknown;
    readonly skip: (name: string, body: () => void) => unknown;
  };
}

/** What a detector does not do as it should. */
export class DetectorConformanceError extends Error {
  override readonly name = "DetectorConformanceError";
}

export interface DetectorReport {
  readonly passed: readonly string[];
  readonly failed: readonly { readonly test: string; readonly error: unknown }[];
  readonly skipped: readonly { readonly test: string; readonly reason: string }[];
}

/**
 * Registers a test for each thing that a detector promises. That it is free of scale is one only where
 * `isScaleFree` says so.
 *
 * @throws InvalidDriftOptionsError `INVALID_DRIFT_OPTIONS` when a skip names no test or gives no reason.
 */
export function describeDetector(
  name: string,
  options: DetectorConformanceOptions,
  { describe, test }: DetectorTestRunner,
): void {
  const reasons = readSkips(options);
  describe(name, () => {
    for (const [title, run] of Object.entries(tests)) {
      if (inapplicable(title, options) !== undefined) continue;
      const reason = reasons.get(title);
      if (reason === undefined) test(title, () => run(options));
      else test.skip(`${title} (${reason})`, () => run(options));
    }
  });
}

/**
 * The same without a test runner.
 *
 * @throws InvalidDriftOptionsError `INVALID_DRIFT_OPTIONS` when a skip names no test or gives no reason.
 */
export function checkDetector(options: DetectorConformanceOptions): DetectorReport {
  const reasons = readSkips(options);
  const passed: string[] = [];
  const failed: { readonly test: string; readonly error: unknown }[] = [];
  const skipped: { readonly test: string; readonly reason: string }[] = [];
  for (const [test, run] of Object.entries(tests)) {
    const reason = reasons.get(test) ?? inapplicable(test, options);
    if (reason !== undefined) {
      skipped.push({ test, reason });
      continue;
    }
    try {
      run(options);
      passed.push(test);
    } catch (error) {
      failed.push({ test, error });
    }
  }
  return { passed, failed, skipped };
}

/** The names of all tests, in their order: what a skip can name. */
export function detectorConformanceTestNames(): readonly string[] {
  return Object.keys(tests);
}

const scaleTest = "gives the same alarms in other units";

const tests: Readonly<Record<string, (options: DetectorConformanceOptions) => void>> = {
  "finds a large change soon": ({ create, values }) => {
    const alarms = alarmsOf(create(), changing(values));
    assert(
      alarms.some((alarm) => alarm >= 1000 && alarm < 1500),
      `after a large change at value 1,000 the alarms are at ${show(alarms)}, and one has to be below 1,500`,
    );
  },
  "says nothing of a stream that is constant": ({ create }) => {
    const alarms = alarmsOf(create(), constantStream(2000));
    assert(alarms.length === 0, `it has alarms at ${show(alarms)}`);
  },
  "says nothing of the first value": ({ create }) => {
    const { drift, warning } = create().update(1);
    assert(!drift && !warning, "it has an alarm or a warning");
  },
  "gives the same for the same values": ({ create, values }) => {
    const [first, second] = [trace(create(), changing(values)), trace(create(), changing(values))];
    assert(first === second, "two new detectors differ on one stream");
  },
  "never warns and alarms at once": ({ create, values }) => {
    const detector = create();
    for (const value of changing(values)) {
      const { drift, warning } = detector.update(value);
      assert(!(drift && warning), "a value is both a drift and a warning");
    }
  },
  "counts its values, and starts again after a drift": ({ create, values }) => {
    const detector = create();
    let expected = 0;
    for (const value of changing(values)) {
      const { drift } = detector.update(value);
      expected = drift ? 0 : expected + 1;
      assert(detector.count === expected, `count is ${detector.count}, and has to be ${expected}`);
    }
  },
  "forgets everything by reset": ({ create, values }) => {
    const detector = create();
    for (const value of changing(values)) detector.update(value);
    detector.reset();
    assert(detector.count === 0, `count is ${detector.count} after reset`);
    const [again, fresh] = [trace(detector, changing(values)), trace(create(), changing(values))];
    assert(again === fresh, "after reset it differs from a new one");
  },
  "goes on from JSON, wherever it was": ({ create, restore, values }) => {
    const stream = [...changing(values)];
    const whole = create();
    const expected = stream.map((value) => JSON.stringify(whole.update(value)));
    let detector = create();
    for (const [index, value] of stream.entries()) {
      if (index % 97 === 96) detector = throughJson(detector, restore);
      const answer = JSON.stringify(detector.update(value));
      assert(
        answer === expected[index],
        `value ${index} gives ${answer}, and without JSON ${expected[index]}`,
      );
    }
  },
  "is not changed by writing its state": ({ create, values }) => {
    const [written, other] = [create(), create()];
    for (const value of changing(values)) {
      JSON.stringify(written);
      const [answer, expected] = [written.update(value), other.update(value)];
      assert(JSON.stringify(answer) === JSON.stringify(expected), "toJSON changes what comes after it");
    }
  },
  "needs no more memory for a long stream": ({ create, values }) => {
    const detector = create();
    const sizes: number[] = [];
    const stream = values === "errors" ? errorStream(7, [[40_000, 0.1]]) : normalStream(7, [[40_000, 0]]);
    let largest = 0;
    let index = 0;
    for (const value of stream) {
      detector.update(value);
      index += 1;
      if (index % 500 === 0) largest = Math.max(largest, JSON.stringify(detector).length);
      if (index === 10_000 || index === 40_000) sizes.push(largest);
    }
    const [early = 0, late = 0] = sizes;
    assert(
      late <= 1.3 * early + 500,
      `its state has ${early} characters by 10,000 values, ${late} by 40,000`,
    );
  },
  "refuses what is no finite number, and stays as it was": ({ create, values }) => {
    const [detector, other] = [create(), create()];
    for (const value of changing(values)) {
      for (const wrong of [Number.NaN, Infinity, -Infinity]) {
        const error = thrownBy(() => detector.update(wrong));
        assert(
          DriftError.isInstance(error) && error.code === "INVALID_DATA",
          `update(${wrong}) has to throw INVALID_DATA`,
        );
      }
      const [answer, expected] = [detector.update(value), other.update(value)];
      assert(
        JSON.stringify(answer) === JSON.stringify(expected),
        "a refused value changes what comes after it",
      );
      if (detector.count > 300) return;
    }
  },
  [scaleTest]: ({ create }) => {
    const expected = alarmsOf(create(), normalStream(3, changes));
    for (const [scale, shift] of [
      [0.001, 0],
      [1000, -5],
      [2 ** 40, 0],
    ] as const) {
      const drifts = alarmsOf(create(), scaled(normalStream(3, changes), scale, shift));
      assert(
        show(drifts) === show(expected),
        `times ${scale} plus ${shift}, alarms are at ${show(drifts)} and not at ${show(expected)}`,
      );
    }
  },
};

const changes = [
  [1000, 0],
  [1000, 3],
] as const;

function changing(values: "numbers" | "errors"): DetectorStream {
  if (values === "numbers") return normalStream(3, changes);
  return errorStream(3, [
    [1000, 0.1],
    [1000, 0.6],
  ]);
}

function* scaled(stream: DetectorStream, scale: number, shift: number): DetectorStream {
  for (const value of stream) yield value * scale + shift;
}

function inapplicable(title: string, options: DetectorConformanceOptions): string | undefined {
  if (title !== scaleTest || options.isScaleFree === true) return undefined;
  return "isScaleFree is not set";
}

function readSkips({ skip = [] }: DetectorConformanceOptions): ReadonlyMap<string, string> {
  const reasons = new Map<string, string>();
  for (const { test, reason } of skip) {
    const known = Object.hasOwn(tests, test);
    if (known && reason.trim() !== "") {
      reasons.set(test, reason);
      continue;
    }
    throw new InvalidDriftOptionsError({
      option: "skip",
      problem: known ? `gives no reason for ${JSON.stringify(test)}` : `names ${JSON.stringify(test)}`,
      remedy: known ? "Say why." : "Take a name from detectorConformanceTestNames().",
    });
  }
  return reasons;
}

function assert(condition: boolean, problem: string): asserts condition {
  if (!condition) throw new DetectorConformanceError(problem);
}

function alarmsOf(detector: DriftDetector, stream: Iterable<number>): number[] {
  const alarms: number[] = [];
  let index = 0;
  for (const value of stream) {
    if (detector.update(value).drift) alarms.push(index);
    index += 1;
  }
  return alarms;
}

/** Everything that a detector says. */
function trace(detector: DriftDetector, stream: Iterable<number>): string {
  return Array.from(stream, (value) => JSON.stringify(detector.update(value))).join("\n");
}

function throughJson(detector: DriftDetector, restore: DetectorConformanceOptions["restore"]): DriftDetector {
  // What toJSON wrote, read back.
  return restore(JSON.parse(JSON.stringify(detector)) as DetectorState);
}

function thrownBy(action: () => unknown): unknown {
  try {
    action();
  } catch (error) {
    return error;
  }
  return undefined;
}

function show(alarms: readonly number[]): string {
  return `[${alarms.slice(0, 12).join(", ")}${alarms.length > 12 ? ", …" : ""}]`;
}
