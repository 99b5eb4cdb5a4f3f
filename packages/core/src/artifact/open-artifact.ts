import { InvalidOptionsError } from "../errors/invalid-options-error.ts";
import { ModelLoadError } from "../errors/model-load-error.ts";
import type { Warning } from "../warning.ts";
import type { Artifact, ArtifactSource, ReadOptions } from "./artifact.ts";
import type { ArtifactCache } from "./cache/artifact-cache.ts";
import { BytesArtifact, CheckedArtifact } from "./checked-artifact.ts";
import { type DeclaredFile, resolveDeclared } from "./declared-file.ts";
import { type DownloadOptions, type DownloadSettings, resolveDownloadOptions } from "./download-options.ts";
import { hasScheme } from "./has-scheme.ts";
import { publicLocation } from "./public-location.ts";
import { relativePathPattern } from "./relative-path.ts";

/** How the files of a model are fetched and kept, whichever they are. */
export interface FetchingOptions extends DownloadOptions {
  /**
   * Where what was fetched is kept, so that it is fetched once, and is there without a network: a
   * `folderCache()`, a `browserCache()`, or your own. Default nowhere.
   */
  readonly cache?: ArtifactCache | undefined;
  /** Hears of what went wrong though the file could be read: a cache that failed, a server out of reach. */
  readonly onWarning?: ((warning: Warning) => void) | undefined;
}

/** Options of {@link openArtifact}. */
export interface ArtifactOptions extends DeclaredFile, FetchingOptions {
  /**
   * The other files that the model is made of, such as the external data of an ONNX model, by the path
   * that the model calls them by, relative to the main file. When it is given the model may read no
   * others.
   */
  readonly files?: Readonly<Record<string, ArtifactFile>> | undefined;
}

/** A file beside a model's main one. */
export interface ArtifactFile extends DeclaredFile {
  /** Where it lies. Default beside the main file, at its path. */
  readonly source?: ArtifactSource | undefined;
}

/**
 * Gives any source the shape of an {@link Artifact}. Nothing is read before `read()`.
 *
 * @param source - A path, a URL, bytes, or an artifact, which is returned as it is unless options
 *   declare something of it.
 * @param options - What the bytes have to be, checked each time they are read; where they are kept.
 * @throws InvalidOptionsError `INVALID_OPTIONS` when the source or an option is malformed.
 */
export function openArtifact(source: ArtifactSource, options: ArtifactOptions = {}): Artifact {
  const { files, ...own } = options;
  const artifact = openOne(source, own);
  if (files === undefined) return artifact;
  for (const path of Object.keys(files)) {
    if (relativePathPattern.test(path)) continue;
    const problem = `names ${JSON.stringify(path)}; it has to be a path inside the folder of the model`;
    throw new InvalidOptionsError({ option: "files", problem });
  }
  const { sha256: _sha256, sizeBytes: _sizeBytes, ...fetching } = own;
  const openFile = (path: string): Artifact => {
    const file = Object.hasOwn(files, path) ? files[path] : undefined;
    if (file === undefined) {
      const problem = `it refers to another file, ${JSON.stringify(path)}, which \`files\` does not list; add it there with its SHA-256`;
      throw new ModelLoadError({ location: artifact.location, problem });
    }
    const { source: beside = siblingOf(source, path), ...declared } = file;
    return openOne(beside, { ...fetching, ...declared });
  };
  // Opened once now, so that a malformed declaration is found here.
  for (const [path, file] of Object.entries(files)) if (file.source === undefined) openFile(path);
  return withSiblings(artifact, openFile);
}

/** An artifact whose siblings come from elsewhere, and have the same ones, by their way from the main file. */
export function withSiblings(artifact: Artifact, openFile: (path: string) => Artifact, at = ""): Artifact {
  return {
    location: artifact.location,
    read: (options) => artifact.read(options),
    sibling(path) {
      const whole = at.replace(/[^/]*$/, "") + path;
      return withSiblings(openFile(whole), openFile, whole);
    },
  };
}

function openOne(source: ArtifactSource, options: Omit<ArtifactOptions, "files">): Artifact {
  const declared = resolveDeclared(options);
  if (source instanceof Uint8Array) return new BytesArtifact(source, declared);
  if (typeof source === "string" || source instanceof URL) {
    if (source.toString() === "") {
      throw new InvalidOptionsError({
        option: "artifact",
        problem: "is an empty path; name a file or a URL",
      });
    }
    return new LocatedArtifact(source, declared, options);
  }
  if (typeof source?.read === "function") {
    if (declared.sha256 === undefined && declared.sizeBytes === undefined) return source;
    return new CheckedArtifact(source, declared);
  }
  throw new InvalidOptionsError({
    option: "artifact",
    problem: "has to be a path, a URL, a Uint8Array or an Artifact",
  });
}

class LocatedArtifact implements Artifact {
  readonly #source: string | URL;
  readonly #declared: DeclaredFile;
  readonly #options: FetchingOptions;
  readonly #settings: DownloadSettings;

  constructor(source: string | URL, declared: DeclaredFile, options: FetchingOptions) {
    this.#source = source;
    this.#declared = declared;
    this.#options = options;
    this.#settings = resolveDownloadOptions(options);
  }

  get location(): string {
    return publicLocation(this.#source.toString());
  }

  async read({ signal, onProgress }: ReadOptions = {}): Promise<Uint8Array> {
    const { cache, onWarning } = this.#options;
    const settings = this.#settings;
    // A program whose models are bytes, or come from elsewhere, does not load what fetches.
    const { readLocation } = await import("./read-location.ts");
    return readLocation(this.#source, {
      signal,
      onProgress,
      declared: this.#declared,
      settings,
      cache,
      onWarning,
    });
  }

  sibling(path: string): Artifact {
    return openOne(siblingOf(this.#source, path), {
      ...this.#options,
      sha256: undefined,
      sizeBytes: undefined,
    });
  }
}

/** Where the file lies that is called `path` beside `source`. */
function siblingOf(source: ArtifactSource, path: string): ArtifactSource {
  if (typeof source !== "string" && !(source instanceof URL)) return openOne(source, {}).sibling(path);
  if (!relativePathPattern.test(path)) throw noSibling(source, path);
  if (typeof source === "string" && !hasScheme(source)) return source.replace(/[^/\\]*$/, "") + path;
  // A `data:` or `blob:` URL has no folder.
  if (!URL.canParse(path, source)) throw noSibling(source, path);
  const url = new URL(path, source);
  return typeof source === "string" ? url.href : url;
}

function noSibling(source: string | URL, path: string): ModelLoadError {
  return new ModelLoadError({
    location: publicLocation(source.toString()),
    problem: `it refers to another file, ${JSON.stringify(path)}, which cannot lie beside it`,
  });
}
