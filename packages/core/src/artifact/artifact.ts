/** How far reading an artifact has come. */
export interface ReadProgress {
  readonly loadedBytes: number;
  /** The size of the whole, where it is known. */
  readonly totalBytes: number | undefined;
}

/** Options of {@link Artifact.read}. */
export interface ReadOptions {
  /** Stops the reading. */
  readonly signal?: AbortSignal | undefined;
  /** Is told how far the reading has come, a few times a megabyte at most. */
  readonly onProgress?: ((progress: ReadProgress) => void) | undefined;
}

/** A file that a model is made of, wherever it lies. Its bytes are checked whenever they are read. */
export interface Artifact {
  /** Where it lies, for messages: a path, a URL, or `<bytes>`. */
  readonly location: string;
  /**
   * Reads the whole file.
   *
   * @throws ModelLoadError `MODEL_LOAD_FAILED` when it cannot be read.
   * @throws IntegrityError `INTEGRITY_MISMATCH` when its size or SHA-256 is not the declared one.
   * @throws AbortedError `ABORTED` when `signal` was aborted.
   */
  read(options?: ReadOptions): Promise<Uint8Array>;
  /**
   * The file at `path` relative to this one, such as the weights beside a topology.
   *
   * @throws ModelLoadError `MODEL_LOAD_FAILED` when there can be none.
   */
  sibling(path: string): Artifact;
}

/** Where an artifact comes from: a path, a URL (`https:`, `file:`, `data:`, `blob:`), its bytes, or an artifact. */
export type ArtifactSource = string | URL | Uint8Array | Artifact;
