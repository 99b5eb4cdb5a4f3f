import type { Artifact, ReadOptions } from "../artifact/artifact.ts";

/** Reads a file on the other side: `path` leads there from the model's main file, from one sibling to the next. */
export type RemoteRead = (path: readonly string[], options: ReadOptions) => Promise<Uint8Array>;

/** An artifact of the client, seen from the worker. Its bytes have been checked when they come. */
export class RemoteArtifact implements Artifact {
  readonly location: string;
  readonly #path: readonly string[];
  readonly #read: RemoteRead;

  constructor(location: string, read: RemoteRead, path: readonly string[] = []) {
    this.location = location;
    this.#path = path;
    this.#read = read;
  }

  read(options: ReadOptions = {}): Promise<Uint8Array> {
    return this.#read(this.#path, options);
  }

  /** That there can be no such file is told when it is read. */
  sibling(path: string): Artifact {
    const location = this.location.replace(/[^/\\]*$/, "") + path;
    return new RemoteArtifact(location, this.#read, [...this.#path, path]);
  }
}
