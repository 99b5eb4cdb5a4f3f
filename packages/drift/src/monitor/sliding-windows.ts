import { hashText } from "@mlops/stats";
import { adjustColumns } from "../detect/adjust-columns.ts";
import type { ColumnTest } from "../detect/column-test.ts";
import { sizeOf, verdictOn } from "../detect/detect-drift.ts";
import { type ResolvedDriftOptions, resolveDriftOptions } from "../detect/drift-options.ts";
import { kolmogorovEffect } from "../detect/effect.ts";
import { statusOf, type UnrankedColumn } from "../detect/judge-column.ts";
import { minimumDetectableShift } from "../detect/minimum-detectable-shift.ts";
import { rankColumns } from "../detect/rank-columns.ts";
import { harmonicRows } from "../detect/sides.ts";
import { checkRow, type ProfileRow } from "../profile/profile-data.ts";
import { decodeBase64, encodeBase64 } from "../profile/base64.ts";
import type { ColumnProfile, Profile } from "../profile/profile.ts";
import { profileToJson } from "../profile/profile-json.ts";
import type { Evidence } from "../verdict/evidence.ts";
import type { DriftResult } from "../verdict/drift-result.ts";
import { refuseState, type WindowsState } from "./monitor-state.ts";
import type { WindowSpan } from "./monitor-verdict.ts";
import type { ResolvedWindow } from "./monitor-window.ts";
import { createSlidingColumn, type SlidingColumn, type SlidingStream } from "./sliding-stream.ts";
import type { DueWindow, RowFate, WatchedWindows } from "./watched-windows.ts";

type SlidingSettings = Extract<ResolvedWindow, { kind: "sliding" }>;

interface WatchedColumn {
  readonly profile: ColumnProfile;
  readonly isInherited: boolean;
  readonly sliding: SlidingColumn;
}

/** The latest rows. Each row costs O(log cells) per column, and a look nothing that grows with the window. */
export class SlidingWindows implements WatchedWindows {
  readonly #reference: Profile;
  readonly #settings: SlidingSettings;
  readonly #columns: readonly WatchedColumn[];
  #passed = 0;
  #looked = 0;

  constructor(reference: Profile, settings: SlidingSettings) {
    this.#reference = reference;
    this.#settings = settings;
    this.#columns = reference.columns.map((column) => ({
      profile: column,
      isInherited: column.name in Object.prototype,
      sliding: createSlidingColumn(column, settings.rows),
    }));
  }

  add(row: ProfileRow): RowFate {
    checkRow(row, this.#passed);
    for (const { profile, isInherited, sliding } of this.#columns) {
      const isAbsent = isInherited && !Object.hasOwn(row, profile.name);
      sliding.add(isAbsent ? undefined : row[profile.name]);
    }
    this.#passed += 1;
    return "counted";
  }

  takeDue(): DueWindow | undefined {
    const { rows, every } = this.#settings;
    if (this.#passed < rows || this.#looked === this.#passed) return undefined;
    if ((this.#passed - rows) % every !== 0) return undefined;
    this.#looked = this.#passed;
    return { span: this.#span(), rows, compare: (options) => this.#compare(resolveDriftOptions(options)) };
  }

  pending(): { readonly span: WindowSpan; readonly rows: number; readonly reason: string } {
    const { rows } = this.#settings;
    const inside = Math.min(this.#passed, rows);
    return { span: this.#span(), rows: inside, reason: `The window has ${inside} of ${rows} rows.` };
  }

  merge(): void {
    throw refuseState("windows.kind", "is sliding: the latest rows of two processes have no common order");
  }

  restore(state: WindowsState): void {
    if (state.kind !== "sliding") throw refuseState("windows.kind", `is ${state.kind}, and not sliding`);
    if (state.rows !== this.#settings.rows) {
      throw refuseState("windows.rows", `is ${state.rows}, and not ${this.#settings.rows}`);
    }
    const streams = this.#streams();
    if (state.reference !== fingerprintOf(this.#reference) || state.streams.length !== streams.length) {
      throw refuseState("windows.reference", "is of another reference");
    }
    for (const [index, { cells }] of streams.entries()) {
      const path = `windows.streams[${index}]`;
      try {
        const bytes = decodeBase64(state.streams[index]!);
        if (bytes.length !== 2 * Math.min(state.passed, state.rows)) throw new RangeError("wrong length");
        for (let at = 0; at < bytes.length; at += 2) cells.add(bytes[at]! + 256 * bytes[at + 1]!);
      } catch (cause) {
        throw refuseState(path, "cannot be decoded", cause);
      }
    }
    this.#passed = state.passed;
    this.#looked = state.passed;
  }

  toJson(): WindowsState {
    return {
      kind: "sliding",
      rows: this.#settings.rows,
      passed: this.#passed,
      reference: fingerprintOf(this.#reference),
      // Two bytes for each row, the lower one first, on every machine.
      streams: this.#streams().map(({ cells }) => {
        const rows = cells.rows;
        const bytes = new Uint8Array(2 * rows.length);
        for (const [index, cell] of rows.entries()) {
          bytes[2 * index] = cell & 255;
          bytes[2 * index + 1] = cell >> 8;
        }
        return encodeBase64(bytes);
      }),
    };
  }

  #streams(): SlidingStream[] {
    return this.#columns.flatMap(({ sliding }) => sliding.streams);
  }

  #span(): WindowSpan {
    const from = Math.max(this.#passed - this.#settings.rows, 0) + 1;
    return { unit: "rows", from, to: Math.max(this.#passed, from) };
  }

  #compare(options: ResolvedDriftOptions): DriftResult {
    const rows = { reference: this.#reference.rows, current: this.#settings.rows };
    const tests = this.#columns.map(({ sliding }) =>
      rows.reference === 0 ? [] : sliding.streams.map((stream) => testStream(stream, rows, options)),
    );
    const adjusted = adjustColumns(tests, options);
    const levelPerColumn = options.level / Math.max(this.#columns.length, 1);
    const columns = rankColumns(
      this.#columns.map(({ profile, sliding }, index): UnrankedColumn => {
        const column = adjusted[index];
        const evidence = tests[index]!.map((test, place): Evidence => ({
          ...test,
          isSignificant: column?.isSignificant[place] ?? false,
        })).sort((left, right) => right.statistic - left.statistic);
        const [first] = evidence;
        const detectable =
          first === undefined ? null : minimumDetectableShift(first, levelPerColumn / evidence.length);
        const sides = {
          columns: { reference: profile, current: profile },
          weight: rows,
          rows,
        };
        const about = {
          sides,
          tests: tests[index]!,
          valueTests: tests[index]!,
          specialCells: [],
          valueRows: rows,
        };
        return {
          name: profile.name,
          kind: profile.kind,
          ...statusOf(evidence, detectable, about, options),
          pValue: column?.pValue ?? null,
          adjustedPValue: column?.adjustedPValue ?? null,
          evidence,
          minimumDetectableShift: detectable,
          valueRows: rows,
          specialCells: [],
          distances: distancesOf(sliding.streams[0], rows, levelPerColumn),
          rules: [],
          bins: [],
        };
      }),
    );
    return {
      format: "mlops.drift.result",
      version: 1,
      ...verdictOn(columns, options),
      alpha: options.alpha,
      levelOfThisLook: options.level,
      look: options.look,
      correction: options.correction,
      reference: sizeOf(this.#reference),
      current: { rows: rows.current, effectiveRows: rows.current },
      columns,
    };
  }
}

interface Sizes {
  readonly reference: number;
  readonly current: number;
}

/**
 * The largest gap at the cells' edges, with a p-value that bounds that of Kolmogorov and Smirnov: the
 * first term of their series, 2·exp(-2·N·D²) with N = nm/(n + m) (Wei and Dudley 2012).
 */
function testStream(
  { subject, cells, slack }: SlidingStream,
  rows: Sizes,
  options: ResolvedDriftOptions,
): ColumnTest {
  const distance = cells.kolmogorovDistance;
  const lower = Math.max(distance - slack, 0);
  const pValue = Math.min(2 * Math.exp(-2 * harmonicRows(rows) * lower * lower), 1);
  const bounding = { confidence: options.confidence, threshold: options.materialShift };
  return {
    subject,
    test: "kolmogorov-smirnov-on-cells",
    why: "rows in a sliding window, with missing and special ones after the others",
    statistic: distance,
    degreesOfFreedom: null,
    pValue: { low: pValue, high: pValue },
    effect: kolmogorovEffect({ lower, upper: Math.min(distance + slack, 1) }, rows, bounding),
    rows,
  };
}

function distancesOf(
  stream: SlidingStream | undefined,
  rows: Sizes,
  level: number,
): UnrankedColumn["distances"] {
  if (stream === undefined) return [];
  const perRow = 1 / Math.sqrt(harmonicRows(rows));
  return [
    {
      name: "psi",
      formula: "Σ (p - q) ln(p / q) over ten groups of the reference, +½ row in each",
      value: stream.cells.populationStabilityIndex,
      expectedWithoutChange: null,
      calibratedThreshold: null,
    },
    {
      name: "kolmogorov-smirnov",
      formula: "max |F - G| over cells, the special ones last",
      value: stream.cells.kolmogorovDistance,
      expectedWithoutChange: Math.sqrt(Math.PI / 2) * Math.LN2 * perRow,
      calibratedThreshold: Math.sqrt(Math.log(2 / level) / 2) * perRow,
    },
  ];
}

function fingerprintOf(reference: Profile): string {
  const { high, low } = hashText(JSON.stringify(profileToJson(reference)));
  return `${high.toString(16)}-${low.toString(16)}`;
}
