import { readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";

/** A tensor as the generator writes it. */
export interface FixtureTensor {
  readonly shape: readonly number[];
  readonly data: readonly number[];
}

/** A model by one writer, with what it predicts. */
export interface FixtureCase {
  readonly name: string;
  readonly writer: "keras" | "tf_keras";
  readonly inputs: readonly FixtureTensor[];
  readonly outputs: readonly FixtureTensor[];
  /** The saved model by its extension, packed. */
  readonly files: Readonly<Record<string, string>>;
}

interface Fixtures {
  readonly versions: Readonly<Record<string, string>>;
  /** `.keras` files that have to be refused, by what the error has to say. */
  readonly refused: Readonly<Record<string, string>>;
  readonly cases: readonly FixtureCase[];
}

/** What `keras-models.fixtures.py` wrote. */
export const kerasModels: Fixtures = JSON.parse(
  readFileSync(new URL("./keras-models.fixtures.json", import.meta.url), "utf8"),
) as Fixtures;

/** A saved model, unpacked. */
export function unpack(file: string): Uint8Array {
  return new Uint8Array(gunzipSync(Buffer.from(file, "base64")));
}

/** The saved model of a case. @throws Error when there is no such file. */
export function fileOf(name: string, writer: FixtureCase["writer"], extension: string): Uint8Array {
  const found = kerasModels.cases.find((one) => one.name === name && one.writer === writer);
  const file = found?.files[extension];
  if (file === undefined) throw new Error(`There is no ${name}${extension} by ${writer}.`);
  return unpack(file);
}
