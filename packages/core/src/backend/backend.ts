import type { Artifact } from "../artifact/artifact.ts";
import type { BackendWorker } from "./backend-worker.ts";
import type { Session } from "./session.ts";

/**
 * A runtime that can load models. This is what an implementer writes; applications pass a
 * backend to `createPredictor` and do not call it themselves.
 *
 * A backend does no work until `load` is called, and may be shared by any number of predictors.
 */
export interface Backend {
  /** The version of this interface. */
  readonly specificationVersion: "v1";
  /** A short name for messages and metadata, such as `onnx`. */
  readonly name: string;
  /**
   * Reads the artifact and makes a session that is ready to run.
   *
   * @throws ModelLoadError `MODEL_LOAD_FAILED` when the runtime refuses the model. Any other
   *   error is wrapped in one.
   */
  load(artifact: Artifact, options: LoadOptions): Promise<Session>;
  /**
   * How the same backend is made in another thread or process. Default none: then its models run
   * on the thread that loads them.
   */
  readonly worker?: BackendWorker | undefined;
}

/** Options of {@link Backend.load}. */
export interface LoadOptions {
  /** Stops the reading of files. A runtime that is already building its session may finish it first. */
  readonly signal?: AbortSignal | undefined;
  /** Is told how far the loading has come. */
  readonly onProgress?: ((progress: LoadProgress) => void) | undefined;
  /**
   * How many threads a run may use, where several models share the cores. Default the runtime's own
   * choice. What the backend was configured with goes before it.
   */
  readonly threads?: number | undefined;
}

/** How far the loading of a model has come: its files are read, the runtime prepares it, it is run for a first time. */
export type LoadProgress =
  | {
      readonly phase: "reading";
      readonly location: string;
      readonly loadedBytes: number;
      /** The size of the whole, where it is known. */
      readonly totalBytes: number | undefined;
    }
  | { readonly phase: "preparing"; readonly location: string }
  | { readonly phase: "warming-up"; readonly location: string };
