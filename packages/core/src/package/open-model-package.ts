import type { Artifact } from "../artifact/artifact.ts";
import { type FetchingOptions, openArtifact, withSiblings } from "../artifact/open-artifact.ts";
import { publicLocation } from "../artifact/public-location.ts";
import { InvalidManifestError } from "../errors/invalid-manifest-error.ts";
import { InvalidOptionsError } from "../errors/invalid-options-error.ts";
import { ModelLoadError } from "../errors/model-load-error.ts";
import type { ModelBase } from "../model/define-model.ts";
import type { ModelCard } from "../model/model-card.ts";
import { type Manifest, manifestSchema } from "./manifest.ts";

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

/**
 * Options of {@link openModelPackage}. With a `cache` the whole package is there without a network,
 * once it has been loaded.
 */
export interface OpenModelPackageOptions extends FetchingOptions {
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
  { signal, ...fetching }: OpenModelPackageOptions = {},
): Promise<ModelPackage> {
  const resolve = folderResolver(location);
  const maxBytes = Math.min(maxManifestBytes, fetching.maxBytes ?? Infinity);
  const manifestFile = openArtifact(resolve("model.json"), { ...fetching, maxBytes });
  const manifest = await readManifest(manifestFile, signal);
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
        location: publicLocation(location.toString()),
        problem: `the package lists no file ${JSON.stringify(path)}; it has ${[...files.keys()].join(", ")}`,
      });
    }
    const artifact = openArtifact(resolve(path), { ...fetching, ...declared });
    return withSiblings(artifact, openFile, path);
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
          location: publicLocation(location.toString()),
          problem: `the package has no format ${JSON.stringify(format)}; it has ${Object.keys(manifest.formats).join(", ")}`,
        });
      }
      const { name, version, labels } = manifest;
      return { name, version, labels, card, artifact: openFile(main) };
    },
  });
}

const maxManifestBytes = 16 * 1024 * 1024;

async function readManifest(file: Artifact, signal: AbortSignal | undefined): Promise<Manifest> {
  const { location } = file;
  const refusal = (message: string, cause: unknown): InvalidManifestError =>
    new InvalidManifestError({ location, issues: [{ path: [], message }], cause });
  let bytes: Uint8Array;
  try {
    bytes = await file.read({ signal });
  } catch (cause) {
    if (ModelLoadError.isInstance(cause) && cause.reason === "too-large") {
      throw refusal(`is larger than ${maxManifestBytes} bytes`, cause);
    }
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
