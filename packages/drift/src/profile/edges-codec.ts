import { nextDown, QuantileCells } from "@mlops/stats";
import { decodeBase64, encodeBase64 } from "./base64.ts";
import { decodeIntegers, encodeIntegers } from "./integer-codec.ts";

/** The edges of cells as texts. */
export interface EncodedEdges {
  /** `single`: the numbers' ranks among all of single precision; `double`: their bytes, little-endian. */
  readonly precision: "single" | "double";
  readonly values: string;
  /** Which of the values are cells of their own, as ranks in `values`. */
  readonly points: string;
}

const maxEdges = 1023;

/** An edge just below a single value goes without saying: the value is marked as a point. */
export function encodeEdges(cells: QuantileCells): EncodedEdges {
  const values: number[] = [];
  const points: number[] = [];
  for (const [index, edge] of cells.edges.entries()) {
    if (cells.isPoint(index)) points.push(values.length);
    else if (cells.isPoint(index + 1)) continue;
    values.push(edge);
  }
  const isSingle = values.every((value) => Math.fround(value) === value);
  return {
    precision: isSingle ? "single" : "double",
    values: isSingle ? encodeIntegers(values.map(rankOfSingle)) : encodeDoubles(values),
    points: encodeIntegers(points),
  };
}

/**
 * @returns `undefined` for what {@link encodeEdges} cannot have given.
 * @throws InvalidArgumentError of the cells for edges that are none.
 */
export function decodeEdges({ precision, values, points }: EncodedEdges): QuantileCells | undefined {
  const numbers =
    precision === "single" ? decodeIntegers(values, maxEdges)?.map(singleOfRank) : decodeDoubles(values);
  const marked = decodeIntegers(points, maxEdges);
  if (numbers === undefined || marked === undefined) return undefined;
  const edges = new Set(numbers);
  for (const index of marked) {
    const value = numbers[index];
    if (value === undefined) return undefined;
    const below = nextDown(value);
    if (Number.isFinite(below)) edges.add(below);
  }
  return new QuantileCells([...edges].sort((left, right) => left - right));
}

/** How many single-precision numbers are between 0 and the value; negative below 0. */
function rankOfSingle(value: number): number {
  const bits = new DataView(new ArrayBuffer(4));
  bits.setFloat32(0, Math.abs(value));
  return Math.sign(value) * bits.getUint32(0);
}

function singleOfRank(rank: number): number {
  const bits = new DataView(new ArrayBuffer(4));
  bits.setUint32(0, Math.abs(rank));
  // Adding 0 makes a -0 a 0.
  return Math.sign(rank) * bits.getFloat32(0) + 0;
}

function encodeDoubles(values: readonly number[]): string {
  const bytes = new DataView(new ArrayBuffer(8 * values.length));
  for (const [index, value] of values.entries()) bytes.setFloat64(8 * index, value, true);
  return encodeBase64(new Uint8Array(bytes.buffer));
}

function decodeDoubles(text: string): Float64Array | undefined {
  const bytes = decodeBase64(text);
  if (bytes.length % 8 !== 0) return undefined;
  const view = new DataView(bytes.buffer);
  return Float64Array.from({ length: bytes.length / 8 }, (_, index) => view.getFloat64(8 * index, true));
}
