import { FormatProblem } from "../format-problem.ts";
import type { ByteReader } from "./byte-reader.ts";
import { countOf, type Datatype, readDataspace, readDatatype } from "./datatype.ts";
import { type HeaderMessage, messageTypes } from "./object-header.ts";

/** A dataset of floats, as float32. */
export interface FloatDataset {
  readonly shape: readonly number[];
  /** Row-major; the file's own memory where it lies so that it can be used. */
  readonly data: Float32Array;
  /** The bytes that it takes in the file. */
  readonly storedBytes: number;
}

/**
 * Reads a dataset of floats that is stored in one piece, as Keras writes them (HDF5 specification,
 * IV.A.2.i, layout version 3, compact and contiguous).
 *
 * @param path - Its name, for the errors.
 * @throws FormatProblem when it is no such dataset, or is not all in the file.
 */
export function readFloatDataset(
  reader: ByteReader,
  messages: readonly HeaderMessage[],
  path: string,
): FloatDataset {
  const part = (type: number): HeaderMessage => {
    const message = messages.find((candidate) => candidate.type === type);
    if (message === undefined) throw new FormatProblem(`its ${JSON.stringify(path)} is no HDF5 dataset`);
    return message;
  };
  const shape = readDataspace(reader, part(messageTypes.dataspace).offset);
  const datatype = readDatatype(reader, part(messageTypes.datatype).offset);
  if (datatype.kind !== "float") {
    throw new FormatProblem(`its weight ${JSON.stringify(path)} is not of a little-endian float type`);
  }
  const layout = part(messageTypes.layout).offset;
  const [version, kind] = [reader.uint8(layout), reader.uint8(layout + 1)];
  const compressed = messages.some((message) => message.type === messageTypes.filters);
  if ((version !== 3 && version !== 4) || kind > 1 || compressed) {
    throw new FormatProblem(
      `its weight ${JSON.stringify(path)} is stored in chunks or compressed, which Keras does not do; save it again with Keras`,
    );
  }
  const storedBytes = countOf(shape) * datatype.size;
  if (storedBytes === 0) return { shape, data: new Float32Array(), storedBytes };
  const [address, size] =
    kind === 0
      ? [layout + 4, reader.uint16(layout + 2)]
      : [reader.address(layout + 2) ?? -1, reader.length(layout + 10)];
  if (size !== storedBytes) {
    throw new FormatProblem(
      `its weight ${JSON.stringify(path)} has ${size} bytes; its shape [${shape.join(", ")}] takes ${storedBytes}`,
    );
  }
  return { shape, data: toFloat32(reader.slice(address, storedBytes), datatype.name), storedBytes };
}

type FloatName = Extract<Datatype, { kind: "float" }>["name"];

/** Little-endian, as the machines are that JavaScript runs on. */
function toFloat32(bytes: Uint8Array, name: FloatName): Float32Array {
  if (name === "float32" && bytes.byteOffset % 4 === 0) {
    return new Float32Array(bytes.buffer, bytes.byteOffset, bytes.byteLength / 4);
  }
  const { buffer } = bytes.slice();
  switch (name) {
    case "float32":
      return new Float32Array(buffer);
    case "float64":
      return Float32Array.from(new Float64Array(buffer));
    case "bfloat16":
      return new Float32Array(Uint32Array.from(new Uint16Array(buffer), (bits) => bits << 16).buffer);
    case "float16":
      return Float32Array.from(new Uint16Array(buffer), fromFloat16);
  }
}

/** IEEE 754 binary16. */
function fromFloat16(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 0x1f;
  const fraction = bits & 0x3ff;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  if (exponent === 31) return fraction === 0 ? sign * Infinity : NaN;
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}
