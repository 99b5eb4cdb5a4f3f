import { AbortedError } from "../errors/aborted-error.ts";
import { ModelLoadError } from "../errors/model-load-error.ts";
import type { Artifact, ReadOptions } from "./artifact.ts";
import type { DeclaredFile } from "./declared-file.ts";

/** A file whose bytes are in memory. */
export class BytesArtifact implements Artifact {
  readonly location = "<bytes>";
  readonly #bytes: Uint8Array;
  readonly #declared: DeclaredFile;

  constructor(bytes: Uint8Array, declared: DeclaredFile) {
    this.#bytes = bytes;
    this.#declared = declared;
  }

  async read({ signal, onProgress }: ReadOptions = {}): Promise<Uint8Array> {
    if (signal?.aborted) throw new AbortedError({ stage: "loading", cause: signal.reason });
    await checkBytes(this.#bytes, this.#declared, this.location);
    onProgress?.({ loadedBytes: this.#bytes.byteLength, totalBytes: this.#bytes.byteLength });
    return this.#bytes;
  }

  sibling(path: string): Artifact {
    throw new ModelLoadError({
      location: this.location,
      problem: `it refers to another file, ${JSON.stringify(path)}, which cannot lie beside it`,
    });
  }
}

/** Somebody's own artifact, of which something is declared. */
export class CheckedArtifact implements Artifact {
  readonly location: string;
  readonly #artifact: Artifact;
  readonly #declared: DeclaredFile;

  constructor(artifact: Artifact, declared: DeclaredFile) {
    this.location = artifact.location;
    this.#artifact = artifact;
    this.#declared = declared;
  }

  async read(options?: ReadOptions): Promise<Uint8Array> {
    return checkBytes(await this.#artifact.read(options), this.#declared, this.location);
  }

  sibling(path: string): Artifact {
    return this.#artifact.sibling(path);
  }
}

async function checkBytes(bytes: Uint8Array, declared: DeclaredFile, location: string): Promise<Uint8Array> {
  if (declared.sha256 === undefined && declared.sizeBytes === undefined) return bytes;
  const check = await import("./check-file.ts");
  return check.checkBytes(bytes, declared, location);
}
