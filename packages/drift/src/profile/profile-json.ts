import { ExactAccumulator, HyperLogLog, InvalidArgumentError } from "@mlops/stats";
import { InvalidProfileError } from "../errors/invalid-profile-error.ts";
import { decodeBase64, encodeBase64 } from "./base64.ts";
import { overflowCellCount } from "./category-column-counter.ts";
import { narrowCounts, weightUnit } from "./cell-counts.ts";
import { decodeEdges, encodeEdges } from "./edges-codec.ts";
import { decodeIntegers, encodeIntegers } from "./integer-codec.ts";
import {
  type ColumnJson,
  type CountsJson,
  type NumbersJson,
  type ProfileJson,
  createProfileSchema,
  profileVersion,
} from "./profile-schema.ts";
import type { CellCounts, ColumnProfile, NumericSummary, Profile } from "./profile.ts";

/**
 * A profile as plain JSON, about five kilobytes for a numeric column. `parseProfile` gives it back to
 * the last bit.
 */
export function profileToJson(profile: Profile): ProfileJson {
  const { rows, weight, squaredWeight, columns } = profile;
  return {
    format: "mlops.drift.profile",
    version: profileVersion,
    rows,
    weight,
    squaredWeight,
    columns: columns.map(encodeColumn),
  };
}

/**
 * Reads what {@link profileToJson} gave, from wherever it comes: nothing in it is trusted. A text is
 * parsed as JSON first.
 *
 * @throws InvalidProfileError `INVALID_PROFILE`, with the place in it, for anything else.
 */
export function parseProfile(json: unknown): Profile {
  const parsed = createProfileSchema().safeParse(typeof json === "string" ? parseText(json) : json);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    throw new InvalidProfileError({
      path: pathOf(issue?.path ?? []),
      problem: `is not valid: ${issue?.message ?? "unknown"}`,
    });
  }
  const { rows, weight, squaredWeight, columns } = parsed.data;
  const names = new Set(columns.map(({ name }) => name));
  if (names.size < columns.length) {
    throw new InvalidProfileError({ path: "columns", problem: "has two columns with one name" });
  }
  return {
    rows,
    weight,
    squaredWeight,
    columns: columns.map((column, index) => decodeColumn(column, `columns[${index}]`)),
  };
}

function parseText(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new InvalidProfileError({ path: "", problem: "is no JSON", cause });
  }
}

function pathOf(path: readonly PropertyKey[]): string {
  return path
    .map((part, index) =>
      typeof part === "number" ? `[${part}]` : `${index === 0 ? "" : "."}${String(part)}`,
    )
    .join("");
}

function encodeColumn(column: ColumnProfile): ColumnJson {
  switch (column.kind) {
    case "numeric":
    case "datetime":
      return { ...column, numbers: encodeNumbers(column.numbers) };
    case "categorical":
    case "boolean":
      return {
        ...column,
        categories: [...column.categories],
        counts: encodeCounts(column.counts),
        otherRegisters: column.otherRegisters.some(Boolean) ? encodeBase64(column.otherRegisters) : "",
      };
    case "text": {
      const { length, words, digitShare, symbolShare, outOfVocabularyShare } = column.descriptors;
      return {
        ...column,
        vocabulary: [...column.vocabulary],
        descriptors: {
          length: encodeNumbers(length),
          words: encodeNumbers(words),
          digitShare: encodeNumbers(digitShare),
          symbolShare: encodeNumbers(symbolShare),
          outOfVocabularyShare: encodeNumbers(outOfVocabularyShare),
        },
      };
    }
    case "embedding":
      return {
        ...column,
        center: [...column.center],
        sums: [...column.sums],
        squares: [...column.squares],
        norm: encodeNumbers(column.norm),
        distance: encodeNumbers(column.distance),
      };
  }
}

function encodeNumbers({ cells, ...summary }: NumericSummary): NumbersJson {
  const { sum, squares } = summary;
  return {
    ...summary,
    edges: encodeEdges(cells),
    counts: encodeCounts(summary.counts),
    sum: { ...sum, digits: [...sum.digits] },
    squares: { ...squares, digits: [...squares.digits] },
  };
}

function encodeCounts(counts: CellCounts): CountsJson {
  const unit = counts.every((count) => Number.isInteger(count)) ? 1 : weightUnit;
  return { unit, values: encodeIntegers(Float64Array.from(counts, (count) => count / unit)) };
}

function decodeColumn(column: ColumnJson, path: string): ColumnProfile {
  switch (column.kind) {
    case "numeric":
    case "datetime":
      return { ...column, numbers: decodeNumbers(column.numbers, `${path}.numbers`) };
    case "categorical":
    case "boolean": {
      if (new Set(column.categories).size < column.categories.length) {
        throw new InvalidProfileError({ path: `${path}.categories`, problem: "has one category twice" });
      }
      const cellCount = column.categories.length + overflowCellCount(column.isComplete);
      return {
        ...column,
        counts: decodeCounts(column.counts, cellCount, `${path}.counts`),
        otherRegisters: decoded(`${path}.otherRegisters`, () => decodeRegisters(column.otherRegisters)),
      };
    }
    case "text": {
      const descriptorOf = (name: keyof typeof column.descriptors): NumericSummary =>
        decodeNumbers(column.descriptors[name], `${path}.descriptors.${name}`);
      return {
        ...column,
        descriptors: {
          length: descriptorOf("length"),
          words: descriptorOf("words"),
          digitShare: descriptorOf("digitShare"),
          symbolShare: descriptorOf("symbolShare"),
          outOfVocabularyShare: descriptorOf("outOfVocabularyShare"),
        },
      };
    }
    case "embedding":
      return {
        ...column,
        center: decodeVector(column.center, column.dimensions, `${path}.center`),
        sums: decodeVector(column.sums, column.dimensions, `${path}.sums`),
        squares: decodeVector(column.squares, column.dimensions, `${path}.squares`),
        norm: decodeNumbers(column.norm, `${path}.norm`),
        distance: decodeNumbers(column.distance, `${path}.distance`),
      };
  }
}

function decodeNumbers({ edges, ...numbers }: NumbersJson, path: string): NumericSummary {
  const cells = decoded(`${path}.edges`, () => decodeEdges(edges));
  const counts = decodeCounts(numbers.counts, cells.cellCount, `${path}.counts`);
  for (const name of ["sum", "squares"] as const) {
    decoded(`${path}.${name}`, () => ExactAccumulator.fromState(numbers[name]));
  }
  if ((numbers.minimum === null) !== (numbers.maximum === null)) {
    throw new InvalidProfileError({ path, problem: "has a minimum or a maximum, but not both" });
  }
  return { ...numbers, cells, counts };
}

function decodeCounts({ unit, values }: CountsJson, cellCount: number, path: string): CellCounts {
  const counts = decoded(path, () => decodeIntegers(values, cellCount)).map((count) => count * unit);
  if (counts.length !== cellCount) {
    throw new InvalidProfileError({ path, problem: `has ${counts.length} counts for ${cellCount} cells` });
  }
  if (counts.some((count) => count < 0))
    throw new InvalidProfileError({ path, problem: "has a count below 0" });
  return narrowCounts(counts);
}

function decodeRegisters(text: string): Uint8Array | undefined {
  const registers = text === "" ? new HyperLogLog().toRegisters() : decodeBase64(text);
  return registers.length === new HyperLogLog().toRegisters().length
    ? HyperLogLog.fromRegisters(registers).toRegisters()
    : undefined;
}

function decodeVector(values: readonly number[], dimensions: number, path: string): Float64Array {
  if (values.length === dimensions) return Float64Array.from(values);
  throw new InvalidProfileError({
    path,
    problem: `has ${values.length} numbers for ${dimensions} dimensions`,
  });
}

/** What a decoder gives; its refusals as this package's error. */
function decoded<Value>(path: string, decode: () => Value | undefined): Value {
  let cause: unknown;
  try {
    const value = decode();
    if (value !== undefined) return value;
  } catch (error) {
    // The runtime's own error for what is no base64, or the statistics' for what they cannot use.
    const isExpected = InvalidArgumentError.isInstance(error) || error instanceof DOMException;
    if (!isExpected) throw error;
    cause = error;
  }
  throw new InvalidProfileError({ path, problem: "cannot be decoded", cause });
}
