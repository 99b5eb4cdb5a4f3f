import { DownloadFailure } from "./download-failure.ts";

/** What was asked for. */
export interface PartRequest {
  /** As it is given to `fetch`. */
  readonly url: string;
  /** The first byte that is wanted. */
  readonly offset: number;
  /** The ETag of the bytes that are there already, of which more are wanted. */
  readonly etag: string | undefined;
  /** Whether the request asked for the file only if it has changed. */
  readonly isConditional: boolean;
  /** Whether the headers of the answer may be hidden, as from another origin. */
  readonly isCrossOrigin: boolean;
}

/** What a good answer says of its body. */
export interface PartAnswer {
  readonly kind: "body";
  /** Which byte of the file the body begins with: that asked for, or 0. */
  readonly offset: number;
  /** The size of the whole file, where it is known. */
  readonly totalBytes: number | undefined;
  readonly etag: string | undefined;
  readonly contentType: string | null;
  /** Whether `totalBytes` is sure enough that a shorter body has been cut off. */
  readonly isTotalSure: boolean;
  /** Whether more of it can be asked for later. */
  readonly isResumable: boolean;
}

/** Nothing to read: the file has not changed; or there is nothing from `offset` on, as it is `totalBytes` long. */
export type EmptyAnswer =
  | { readonly kind: "not-modified" }
  | { readonly kind: "no-more"; readonly totalBytes: number | undefined }
  /** The part is of another file than the bytes that are there. */
  | { readonly kind: "changed" };

/**
 * Reads the head of an answer.
 *
 * @throws DownloadFailure when it brings no file.
 */
export function judgeResponse(response: Response, request: PartRequest): PartAnswer | EmptyAnswer {
  const { status, headers } = response;
  if (/^https:/i.test(request.url) && response.url.startsWith("http:")) {
    throw new DownloadFailure({
      reason: "refused",
      problem:
        "the server redirects from https to http, which anybody on the way can change; use the final URL",
    });
  }
  if (status === 304 && request.isConditional) return { kind: "not-modified" };
  const range = readContentRange(headers.get("content-range"));
  if (status === 416 && request.offset > 0) return { kind: "no-more", totalBytes: range?.totalBytes };
  const isPart = status === 206 && request.offset > 0;
  if (!isPart && status !== 200 && status !== 204) throw refusal(response);
  const etag = headers.get("etag") ?? undefined;
  const isPlain = headers.get("content-encoding") === null;
  const length = readLength(headers.get("content-length"));
  const common = {
    kind: "body",
    etag,
    contentType: headers.get("content-type"),
    isResumable: isPlain,
  } as const;
  // A compressed body is longer once decoded than its declared length; whether it is may be hidden.
  const isTotalSure = isPlain && !request.isCrossOrigin;
  if (!isPart) return { ...common, offset: 0, totalBytes: isPlain ? length : undefined, isTotalSure };
  const isOther = range === undefined ? !request.isCrossOrigin : range.start !== request.offset;
  const isChanged = request.etag !== undefined && etag !== request.etag && !(request.isCrossOrigin && !etag);
  if (isOther || isChanged || !isPlain) return { kind: "changed" };
  const totalBytes = range?.totalBytes ?? (length === undefined ? undefined : request.offset + length);
  return { ...common, offset: request.offset, totalBytes, isTotalSure };
}

/** Whether equal ETags mean equal bytes: a weak one only means that they will do. */
export function isStrong(etag: string | undefined): etag is string {
  return etag !== undefined && etag.startsWith('"');
}

function readLength(header: string | null): number | undefined {
  return header !== null && /^\d+$/.test(header) ? Number(header) : undefined;
}

function readContentRange(
  header: string | null,
): { readonly start: number; readonly totalBytes: number | undefined } | undefined {
  const match = /^bytes (?:(\d+)-\d+|\*)\/(\d+|\*)$/i.exec(header ?? "");
  if (match === null) return undefined;
  return {
    start: match[1] === undefined ? Number.NaN : Number(match[1]),
    totalBytes: match[2] === "*" ? undefined : Number(match[2]),
  };
}

function refusal({ status, statusText, headers }: Response): DownloadFailure {
  // The server's own words: printable ones alone, as messages end up in terminals and logs.
  const words = statusText.replaceAll(/[^ -~]/g, "").slice(0, 100);
  const answered = `the server answered ${status} ${words}`.trimEnd();
  const retryAfterMs = 1000 * (readLength(headers.get("retry-after")) ?? 0);
  if (status === 401 || status === 403) {
    const problem = `${answered}; pass a \`fetch\` that adds the credentials it wants, or a URL that needs none`;
    return new DownloadFailure({ reason: "access-denied", problem });
  }
  if (status === 404 || status === 410) {
    return new DownloadFailure({ reason: "not-found", problem: `${answered}; check the URL` });
  }
  if (status >= 500 || status === 408 || status === 425 || status === 429) {
    const problem = `${answered}; try again later`;
    return new DownloadFailure({ reason: "server-error", problem, retryAfterMs });
  }
  return new DownloadFailure({ reason: "refused", problem: `${answered}; it has to be 200 with the file` });
}
