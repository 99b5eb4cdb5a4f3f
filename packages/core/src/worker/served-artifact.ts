import type { Artifact } from "../artifact/artifact.ts";
import { AbortedError } from "../errors/aborted-error.ts";
import { MlopsError } from "../errors/mlops-error.ts";
import { ModelLoadError } from "../errors/model-load-error.ts";
import type { ClientChannel } from "./channel.ts";
import { endOfSentence } from "./end-of-sentence.ts";
import { toErrorData } from "./error-data.ts";

/** Reads an artifact here for a worker that loads it: paths, credentials and hashes stay on this side. */
export class ServedArtifact {
  readonly #artifact: Artifact;
  readonly #channel: ClientChannel;
  readonly #controllers = new Map<number, AbortController>();

  constructor(artifact: Artifact, channel: ClientChannel) {
    this.#artifact = artifact;
    this.#channel = channel;
  }

  /** Answers the worker's request number `read`. Never rejects. */
  async read(read: number, path: readonly string[]): Promise<void> {
    const controller = new AbortController();
    this.#controllers.set(read, controller);
    let artifact = this.#artifact;
    try {
      for (const step of path) artifact = artifact.sibling(step);
      const bytes = await artifact.read({
        signal: controller.signal,
        onProgress: (progress) => this.#channel.post({ type: "read-progress", read, progress }),
      });
      this.#send(read, bytes);
    } catch (cause) {
      const error = controller.signal.aborted
        ? new AbortedError({ stage: "loading", cause })
        : toTypedError(cause, artifact.location);
      this.#channel.post({ type: "read-failed", read, error: toErrorData(error) });
    } finally {
      this.#controllers.delete(read);
    }
  }

  /** Stops the reading for one request. */
  abort(read: number): void {
    this.#controllers.get(read)?.abort();
  }

  /** Stops all reading. */
  abortAll(): void {
    for (const controller of this.#controllers.values()) controller.abort();
  }

  #send(read: number, bytes: Uint8Array): void {
    if (!this.#channel.movesMemory) return this.#channel.post({ type: "read-done", read, bytes });
    // An artifact may keep its bytes, as one that is made of bytes does.
    const copy = new Uint8Array(bytes);
    this.#channel.post({ type: "read-done", read, bytes: copy }, [copy.buffer]);
  }
}

function toTypedError(cause: unknown, location: string): MlopsError {
  if (MlopsError.isInstance(cause)) return cause;
  return new ModelLoadError({ location, problem: endOfSentence(cause), cause });
}
