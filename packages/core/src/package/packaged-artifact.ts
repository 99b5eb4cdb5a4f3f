import type { Artifact, ReadOptions } from "../artifact/artifact.ts";

/** A file of a model package: its siblings are found, and checked, by the manifest too. */
export class PackagedArtifact implements Artifact {
  readonly #path: string;
  readonly #artifact: Artifact;
  readonly #openFile: (path: string) => Artifact;

  constructor(path: string, artifact: Artifact, openFile: (path: string) => Artifact) {
    this.#path = path;
    this.#artifact = artifact;
    this.#openFile = openFile;
  }

  get location(): string {
    return this.#artifact.location;
  }

  read(options?: ReadOptions): Promise<Uint8Array> {
    return this.#artifact.read(options);
  }

  sibling(path: string): Artifact {
    return this.#openFile(this.#path.replace(/[^/]*$/, "") + path);
  }
}
