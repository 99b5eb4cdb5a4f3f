import { unzipSync } from "fflate";

import { FormatProblem } from "./format-problem.ts";

/**
 * The most times its packed size that an entry may have. Weights hardly shrink; DEFLATE itself
 * would allow 1,032 times (RFC 1951: 258 bytes for a match of two bits).
 */
const mostTimes = 100;

/** The most files that an archive may have. Keras writes three, and some for vocabularies. */
const mostEntries = 10_000;

/** The length of the record that ends an archive, without its comment, and the longest comment. */
const [endRecordLength, longestComment] = [22, 0xffff];

/** Whether `bytes` begin as a zip archive does. */
export function isZip(bytes: Uint8Array): boolean {
  return bytes[0] === 0x50 && bytes[1] === 0x4b && bytes[2] === 3 && bytes[3] === 4;
}

/** The bounds of what an archive may unpack to. */
export interface ZipBounds {
  /** The most bytes that one entry may have, by its name. Entries that are not named are not unpacked. */
  readonly mostBytes: Readonly<Record<string, number>>;
}

/**
 * Unpacks the named entries of a zip archive. A size is believed only where the packed bytes can
 * hold it, and never exceeded.
 *
 * @throws FormatProblem when the archive is damaged, has a name twice, or an entry is too large.
 */
export function unzip(bytes: Uint8Array, { mostBytes }: ZipBounds): ReadonlyMap<string, Uint8Array> {
  checkEndRecord(bytes);
  const seen = new Set<string>();
  try {
    const entries = unzipSync(bytes, {
      filter: ({ name, size, originalSize, compression }) => {
        if (!Object.hasOwn(mostBytes, name)) return false;
        const most = Math.min(mostBytes[name] ?? 0, compression === 0 ? size : size * mostTimes);
        if (size > bytes.byteLength || originalSize > most) {
          throw new FormatProblem(
            `its ${JSON.stringify(name)} claims to unpack from ${size} bytes to ${originalSize}, above the bound of ${most}`,
          );
        }
        if (seen.has(name)) throw new FormatProblem(`it has ${JSON.stringify(name)} twice`);
        seen.add(name);
        return true;
      },
    });
    return new Map(Object.entries(entries));
  } catch (error) {
    if (error instanceof FormatProblem) throw error;
    throw new FormatProblem(
      `it is no zip archive that can be read: ${error instanceof Error ? error.message : String(error)}`,
    );
  }
}

/** fflate believes the number of entries, and counts to it: 65,535 at most, unless there is a zip64 record. */
function checkEndRecord(bytes: Uint8Array): void {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const lowest = Math.max(0, bytes.byteLength - endRecordLength - longestComment);
  for (let offset = bytes.byteLength - endRecordLength; offset >= lowest; offset -= 1) {
    if (view.getUint32(offset, true) !== 0x0605_4b50) continue;
    const entries = view.getUint16(offset + 8, true);
    const isZip64 = offset >= 20 && view.getUint32(offset - 20, true) === 0x0706_4b50;
    if (entries <= mostEntries && !isZip64) return;
    throw new FormatProblem(`it is a zip archive of more than ${mostEntries} files, or above 4 GB`);
  }
  throw new FormatProblem("it is a zip archive without an end: it is truncated");
}
