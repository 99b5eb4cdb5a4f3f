import { ByteCollector, type CollectedFile } from "./byte-collector.ts";
import type { StreamingSha256 } from "./sha256.ts";

/** A file's bytes in one piece, with their SHA-256. */
export interface HashedFile extends CollectedFile {
  readonly sha256: string;
}

/** Gathers a file's bytes and their SHA-256 as they come. */
export class HashingCollector extends ByteCollector {
  readonly #createSha256: () => StreamingSha256;
  #sha256: StreamingSha256;

  constructor(createSha256: () => StreamingSha256) {
    super();
    this.#createSha256 = createSha256;
    this.#sha256 = createSha256();
  }

  override append(chunk: Uint8Array): void {
    this.#sha256.update(chunk);
    super.append(chunk);
  }

  override clear(): void {
    super.clear();
    this.#sha256 = this.#createSha256();
  }

  override finish(): HashedFile {
    return { ...super.finish(), sha256: this.#sha256.digestHex() };
  }
}
