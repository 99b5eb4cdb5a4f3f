import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { parse } from "csv-parse/sync";

import type { DeviceRow } from "./device-row.ts";
import { type NumericFeature, type NumericFeatureName, numericFeatures } from "./numeric-features.ts";

/** The data set, and which file it was. */
export interface DeviceData {
  readonly rows: readonly DeviceRow[];
  /** The file's, 64 lower-case hexadecimal digits. */
  readonly sha256: string;
}

/** Reads the data set; see {@link parseDevices} for its form. */
export async function readDevices(file: string): Promise<DeviceData> {
  const bytes = await readFile(file);
  return {
    rows: parseDevices(bytes.toString("utf8")),
    sha256: createHash("sha256").update(bytes).digest("hex"),
  };
}

const brandColumn = "device_brand";
const osColumn = "os";
const targetColumn = "normalized_used_price";
const columns = [brandColumn, osColumn, ...numericFeatures.map(({ column }) => column), targetColumn];

/** A data row by column name, and the line of the file that it starts on. */
interface Line {
  readonly cells: Readonly<Record<string, string>>;
  readonly number: number;
}

/**
 * Reads the columns of "Used Phones & Tablets Pricing" out of comma-separated values with a
 * header; further columns are left out. An empty cell is a missing value, except for the target.
 *
 * @throws Error naming the line and the column of a cell that cannot be read.
 */
export function parseDevices(csv: string): DeviceRow[] {
  // The shape that `columns: true` and `info: true` ask for, which the parser's types leave open.
  const records = parse(csv, { columns: true, info: true, bom: true, trim: true }) as unknown as readonly {
    readonly record: Readonly<Record<string, string>>;
    readonly info: { readonly lines: number };
  }[];
  const first = records[0];
  if (first === undefined) throw new Error("The data set has no rows.");
  const absent = columns.filter((column) => !Object.hasOwn(first.record, column));
  if (absent.length > 0) throw new Error(`The data set lacks the columns ${absent.join(", ")}.`);
  return records.map(({ record, info }) => toDeviceRow({ cells: record, number: info.lines }));
}

function toDeviceRow(line: Line): DeviceRow {
  const numeric = numericFeatures.map((feature) => [feature.name, readFeature(line, feature)]);
  const lnPrice = readNumber(line, targetColumn);
  if (lnPrice === undefined) throw new Error(`Line ${line.number} has no ${targetColumn}.`);
  return {
    brand: line.cells[brandColumn] || undefined,
    os: line.cells[osColumn] || undefined,
    // `numericFeatures` holds each name once.
    numeric: Object.fromEntries(numeric) as Record<NumericFeatureName, number | undefined>,
    lnPrice,
  };
}

function readFeature(line: Line, { column, cell }: NumericFeature): number | undefined {
  if (cell === "yes-no") return readYesNo(line, column);
  const value = readNumber(line, column);
  if (value === undefined) return undefined;
  if (cell === "ln") return Math.exp(value);
  if (value >= 0) return value;
  throw new Error(`Line ${line.number}, ${column}: ${value} is negative.`);
}

function readNumber({ cells, number }: Line, column: string): number | undefined {
  const cell = cells[column];
  if (!cell) return undefined;
  const value = Number(cell);
  if (Number.isFinite(value)) return value;
  throw new Error(`Line ${number}, ${column}: ${JSON.stringify(cell)} is no number.`);
}

function readYesNo({ cells, number }: Line, column: string): number | undefined {
  const cell = cells[column];
  if (!cell) return undefined;
  if (cell === "yes") return 1;
  if (cell === "no") return 0;
  throw new Error(`Line ${number}, ${column}: ${JSON.stringify(cell)} is neither yes nor no.`);
}
