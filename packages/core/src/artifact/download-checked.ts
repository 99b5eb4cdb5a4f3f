import { IntegrityError } from "../errors/integrity-error.ts";
import type { CollectedFile } from "./byte-collector.ts";
import { checkFile } from "./check-file.ts";
import type { DeclaredFile } from "./declared-file.ts";
import { type Download, download, type DownloadSink } from "./download.ts";

/** A sink that gives its file in the end. */
interface FinishingSink<File extends CollectedFile> extends DownloadSink {
  finish(): File;
}

/**
 * Fetches a file and compares it with what is declared; `undefined` when it still is that of
 * `unlessEtag`. Bytes that were put together from several answers, and are not the declared ones, are
 * fetched once more from the beginning.
 *
 * @throws What {@link download} throws.
 */
export async function downloadChecked<File extends CollectedFile>(
  request: Download & { readonly sink: FinishingSink<File> },
  declared: DeclaredFile,
): Promise<(File & { readonly etag: string | undefined }) | undefined> {
  const { sink, location } = request;
  for (let isFirst = true; ; isFirst = false) {
    const { kind, etag, isPatched } = await download(request);
    if (kind === "not-modified") return undefined;
    const file = sink.finish();
    try {
      checkFile(file, declared, location);
      return { ...file, etag };
    } catch (error) {
      if (!isFirst || !isPatched || !IntegrityError.isInstance(error)) throw error;
      await sink.clear();
    }
  }
}
