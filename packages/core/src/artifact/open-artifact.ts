import { AbortedError } from "../errors/aborted-error.ts";
import { IntegrityError } from "../errors/integrity-error.ts";
import { InvalidOptionsError } from "../errors/invalid-options-error.ts";
import { ModelLoadError } from "../errors/model-load-error.ts";
import type { Artifact, ArtifactSource, ReadOptions } from "./artifact.ts";
import { hasScheme, readLocation } from "./read-location.ts";
import { relativePathPattern } from "./relative-path.ts";
import { sha256Hex } from "./sha256.ts";

/** What is known of a file before it is read. */
export interface DeclaredFile {
  /** The SHA-256 of its bytes, 64 hexadecimal digits. */
  readonly sha256?: string | undefined;
  /** Its size in bytes. */
  readonly sizeBytes?: number | undefined;
}

/**
 * Gives any source the shape of an {@link Artifact}. Nothing is read before `read()`.
 *
 * @param source - A path, a URL, bytes, or an artifact, which is returned as it is.
 * @param declared - What the bytes have to be, checked each time they are read.
 * @throws InvalidOptionsError `INVALID_OPTIONS` when the source or the hash is malformed.
 */
export function openArtifact(source: ArtifactSource, declared: DeclaredFile = {}): Artifact {
  const { sha256 } = declared;
  if (sha256 !== undefined && !/^[0-9a-f]{64}$/i.test(sha256)) {
    throw new InvalidOptionsError({ option: "sha256", problem: "has to be 64 hexadecimal digits" });
  }
  if (source instanceof Uint8Array) return new BytesArtifact(source, declared);
  if (typeof source === "string" || source instanceof URL) {
    if (source.toString() === "") {
      throw new InvalidOptionsError({
        option: "artifact",
        problem: "is an empty path; name a file or a URL",
      });
    }
    return new LocatedArtifact(source, declared);
  }
  if (typeof source?.read === "function") {
    if (sha256 === undefined && declared.sizeBytes === undefined) return source;
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

  constructor(source: string | URL, declared: DeclaredFile) {
    this.#source = source;
    this.#declared = declared;
  }

  get location(): string {
    return this.#source.toString();
  }

  async read(options: ReadOptions = {}): Promise<Uint8Array> {
    const bytes = await readLocation(this.#source, { ...options, sizeBytes: this.#declared.sizeBytes });
    await checkDeclared(bytes, this.#declared, this.location);
    return bytes;
  }

  sibling(path: string): Artifact {
    const source = this.#source;
    if (!relativePathPattern.test(path)) throw noSibling(this.location, path);
    if (typeof source === "string" && !hasScheme(source)) {
      return openArtifact(source.replace(/[^/\\]*$/, "") + path);
    }
    // A `data:` or `blob:` URL has no folder.
    if (!URL.canParse(path, source)) throw noSibling(this.location, path);
    const url = new URL(path, source);
    return openArtifact(typeof source === "string" ? url.href : url);
  }
}

class BytesArtifact implements Artifact {
  readonly location = "<bytes>";
  readonly #bytes: Uint8Array;
  readonly #declared: DeclaredFile;

  constructor(bytes: Uint8Array, declared: DeclaredFile) {
    this.#bytes = bytes;
    this.#declared = declared;
  }

  async read({ signal, onProgress }: ReadOptions = {}): Promise<Uint8Array> {
    if (signal?.aborted) throw new AbortedError({ stage: "loading", cause: signal.reason });
    await checkDeclared(this.#bytes, this.#declared, this.location);
    onProgress?.({ loadedBytes: this.#bytes.byteLength, totalBytes: this.#bytes.byteLength });
    return this.#bytes;
  }

  sibling(path: string): Artifact {
    throw noSibling(this.location, path);
  }
}

class CheckedArtifact implements Artifact {
  readonly location: string;
  readonly #artifact: Artifact;
  readonly #declared: DeclaredFile;

  constructor(artifact: Artifact, declared: DeclaredFile) {
    this.location = artifact.location;
    this.#artifact = artifact;
    this.#declared = declared;
  }

  async read(options?: ReadOptions): Promise<Uint8Array> {
    const bytes = await this.#artifact.read(options);
    await checkDeclared(bytes, this.#declared, this.location);
    return bytes;
  }

  sibling(path: string): Artifact {
    return this.#artifact.sibling(path);
  }
}

async function checkDeclared(bytes: Uint8Array, declared: DeclaredFile, location: string): Promise<void> {
  const { sizeBytes } = declared;
  if (sizeBytes !== undefined && bytes.byteLength !== sizeBytes) {
    throw new IntegrityError({
      location,
      property: "sizeBytes",
      expected: sizeBytes,
      actual: bytes.byteLength,
    });
  }
  if (declared.sha256 === undefined) return;
  const expected = declared.sha256.toLowerCase();
  const actual = await sha256Hex(bytes);
  if (actual !== expected) throw new IntegrityError({ location, property: "sha256", expected, actual });
}

function noSibling(location: string, path: string): ModelLoadError {
  return new ModelLoadError({
    location,
    problem: `it refers to another file, ${JSON.stringify(path)}, which cannot lie beside it`,
  });
}
