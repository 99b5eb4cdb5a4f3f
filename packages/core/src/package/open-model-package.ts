import type { Artifact } from "../artifact/artifact.ts";
import { openArtifact } from "../artifact/open-artifact.ts";
import { readLocation } from "../artifact/read-location.ts";
import { IntegrityError } from "../errors/integrity-error.ts";
import { InvalidManifestError } from "../errors/invalid-manifest-error.ts";
import { InvalidOptionsError } from "../errors/invalid-options-error.ts";
import { ModelLoadError } from "../errors/model-load-error.ts";
import type { ModelBase } from "../model/define-model.ts";
import type { ModelCard } from "../model/model-card.ts";
import { type Manifest, manifestSchema } from "./manifest.ts";
import { PackagedArtifact } from "./packaged-artifact.ts";

/** A folder with a model's files and the `model.json` that describes them. */
export interface ModelPackage {
  /** The folder, a path or a URL. */
  readonly location: string;
  readonly manifest: Manifest;
  readonly card: ModelCard;
  /**
   * What `defineModel` needs of the model in the given format; spread it there.
   *
   * @param format - A key of the manifest's `formats`, such as `onnx`.
   * @throws ModelLoadError `MODEL_LOAD_FAILED` when the package has no such format.
   */
  model(format: string): PackagedModel;
  /**
   * A file of the package, checked against its size and SHA-256 when it is read.
   *
   * @param path - A path that the manifest lists.
   * @throws ModelLoadError `MODEL_LOAD_FAILED` when it lists no such file.
   */
  file(path: string): Artifact;
}

/** The part of a model's definition that a package knows. */
export type PackagedModel = Pick<ModelBase, "name" | "version" | "labels" | "card"> & {
  readonly artifact: Artifact;
};

/** Options of {@link openModelPackage}. */
export interface OpenModelPackageOptions {
  /** Stops the reading. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * Reads the `model.json` of a model package. The other files are read, and checked, when the
 * model is loaded.
 *
 * @param location - The folder: a path or a URL.
 * @throws ModelLoadError `MODEL_LOAD_FAILED` when there is no readable `model.json`.
 * @throws InvalidManifestError `INVALID_MANIFEST` when it does not follow the format.
 * @throws AbortedError `ABORTED` when `signal` was aborted.
 */
export async function openModelPackage(
  location: string | URL,
  { signal }: OpenModelPackageOptions = {},
): Promise<ModelPackage> {
  const resolve = folderResolver(location);
  const manifest = await readManifest(resolve("model.json"), signal);
  const { description, license, intendedUse, limitations, metrics, training } = manifest;
  const card: ModelCard = Object.freeze({
    description,
    license,
    intendedUse,
    limitations,
    metrics,
    training,
  });
  const files = new Map(manifest.files.map((file) => [file.path, file]));

  const openFile = (path: string): Artifact => {
    const declared = files.get(path);
    if (declared === undefined) {
      throw new ModelLoadError({
        location: location.toString(),
        problem: `the package lists no file ${JSON.stringify(path)}; it has ${[...files.keys()].join(", ")}`,
      });
    }
    return new PackagedArtifact(path, openArtifact(resolve(path), declared), openFile);
  };

  return Object.freeze({
    location: location.toString(),
    manifest,
    card,
    file: openFile,
    model(format: string): PackagedModel {
      const main = Object.hasOwn(manifest.formats, format) ? manifest.formats[format] : undefined;
      if (main === undefined) {
        throw new ModelLoadError({
          location: location.toString(),
          problem: `the package has no format ${JSON.stringify(format)}; it has ${Object.keys(manifest.formats).join(", ")}`,
        });
      }
      const { name, version, labels } = manifest;
      return { name, version, labels, card, artifact: openFile(main) };
    },
  });
}

const maxManifestBytes = 16 * 1024 * 1024;

async function readManifest(source: string | URL, signal: AbortSignal | undefined): Promise<Manifest> {
  const location = source.toString();
  const refusal = (message: string, cause: unknown): InvalidManifestError =>
    new InvalidManifestError({ location, issues: [{ path: [], message }], cause });
  let bytes: Uint8Array;
  try {
    bytes = await readLocation(source, { signal, sizeBytes: maxManifestBytes });
  } catch (cause) {
    if (IntegrityError.isInstance(cause)) throw refusal(`is larger than ${maxManifestBytes} bytes`, cause);
    throw cause;
  }
  let json: unknown;
  try {
    json = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
  } catch (cause) {
    throw refusal(`is no JSON: ${cause instanceof Error ? cause.message : String(cause)}`, cause);
  }
  let parsed: ReturnType<typeof manifestSchema.safeParse>;
  try {
    parsed = manifestSchema.safeParse(json);
  } catch (cause) {
    // `extra` is checked by recursion, which the stack bounds.
    throw refusal("is nested too deeply", cause);
  }
  if (parsed.success) return parsed.data;
  const issues = parsed.error.issues.map(({ path, message }) => ({
    path: path.map((key) => (typeof key === "number" ? key : String(key))),
    message,
  }));
  throw new InvalidManifestError({ location, issues });
}

/** How a path relative to the folder becomes a location. */
function folderResolver(location: string | URL): (path: string) => string | URL {
  const folder = location.toString();
  if (folder === "")
    throw new InvalidOptionsError({ option: "location", problem: "is an empty path; name a folder" });
  const base = /[/\\]$/.test(folder) ? folder : `${folder}/`;
  if (location instanceof URL) return (path) => new URL(path, base);
  return (path) => base + path;
}
