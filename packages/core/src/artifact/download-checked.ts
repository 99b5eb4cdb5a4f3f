import { IntegrityError } from "../errors/integrity-error.ts";
import { checkFile, type DeclaredFile } from "./declared-file.ts";
import { type Download, download, type DownloadSink } from "./download.ts";

/** A sink that gives its bytes in the end. */
interface FinishingSink extends DownloadSink {
  finish(): { readonly bytes: Uint8Array; readonly sha256: string };
}

/** A file that was fetched. */
interface FetchedFile {
  readonly bytes: Uint8Array;
  readonly sha256: string;
  readonly etag: string | undefined;
}

/**
 * Fetches a file and compares it with what is declared; `undefined` when it still is that of
 * `unlessEtag`. Bytes that were put together from several answers, and are not the declared ones, are
 * fetched once more from the beginning.
 *
 * @throws What {@link download} throws.
 */
export async function downloadChecked(
  request: Download & { readonly sink: FinishingSink },
  declared: DeclaredFile,
): Promise<FetchedFile | undefined> {
  const { sink, location } = request;
  for (let isFirst = true; ; isFirst = false) {
    const { kind, etag, isPatched } = await download(request);
    if (kind === "not-modified") return undefined;
    const { bytes, sha256 } = sink.finish();
    try {
      checkFile({ bytes, sha256 }, declared, location);
      return { bytes, sha256, etag };
    } catch (error) {
      if (!isFirst || !isPatched || !IntegrityError.isInstance(error)) throw error;
      await sink.clear();
    }
  }
}
