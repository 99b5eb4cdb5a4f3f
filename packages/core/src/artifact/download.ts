import { linkedController } from "../composition/linked-controller.ts";
import { AbortedError } from "../errors/aborted-error.ts";
import { IntegrityError } from "../errors/integrity-error.ts";
import type { ReadProgress } from "./artifact.ts";
import { delay } from "./delay.ts";
import { DownloadFailure, isTransient, toModelLoadError } from "./download-failure.ts";
import type { DownloadSettings } from "./download-options.ts";
import { htmlHeadBytes, isHtmlPage } from "./html-page.ts";
import { isStrong, judgeResponse, type PartAnswer, type PartRequest } from "./judge-response.ts";
import { isBrowser, isCrossOrigin } from "./origin.ts";
import { withoutCredentials } from "./public-location.ts";
import { asFailure, type StallTimer, stallTimer } from "./stall-timer.ts";

/** Where the bytes of a download go. */
export interface DownloadSink {
  /** Bytes that it has: those that are asked for follow them. */
  readonly length: number;
  /** Says how many there will be. */
  reserve(totalBytes: number): void;
  append(chunk: Uint8Array): void | Promise<void>;
  /** Begins anew. */
  clear(): void | Promise<void>;
  head(count: number): Uint8Array;
}

/** One file to fetch. */
export interface Download {
  /** As it was given, with what it has of credentials. */
  readonly source: string;
  /** As messages may show it. */
  readonly location: string;
  readonly settings: DownloadSettings;
  readonly sink: DownloadSink;
  /** The declared size: more than that is not read. */
  readonly sizeBytes: number | undefined;
  /** Whether the bytes are checked afterwards, so that they may be put together from parts of which nobody says that they belong together. */
  readonly isChecked: boolean;
  /** Asks for the file only if its ETag is not this one. */
  readonly unlessEtag: string | undefined;
  readonly signal: AbortSignal | undefined;
  readonly onProgress: ((progress: ReadProgress) => void) | undefined;
}

/** How a download ended. */
export interface DownloadOutcome {
  /** `not-modified`: the file still is that of `unlessEtag`, and nothing was read. */
  readonly kind: "complete" | "not-modified";
  readonly etag: string | undefined;
  /** Whether the bytes come from more than one answer. */
  readonly isPatched: boolean;
}

/**
 * Fetches a file into a sink. A connection that breaks is taken up again, from where it broke off if
 * the rest can be trusted to be of the same file, and from the beginning otherwise.
 *
 * @throws ModelLoadError `MODEL_LOAD_FAILED` when it cannot be fetched.
 * @throws IntegrityError `INTEGRITY_MISMATCH` when there is more than the declared size.
 * @throws AbortedError `ABORTED` when `signal` was aborted.
 */
export async function download(options: Download): Promise<DownloadOutcome> {
  const { source, location, settings, sink, signal } = options;
  const problem = findUrlProblem(source);
  if (problem !== undefined) {
    throw toModelLoadError(location, new DownloadFailure({ reason: "refused", problem }), 1);
  }
  // What comes from no server does not come later either.
  const maxRetries = /^(?:data|blob|file):/i.test(source) ? 0 : settings.maxRetries;
  const state = new DownloadState(options);
  let failures = 0;
  // What has been reached before does not count as progress a second time, so that retries end.
  let reached = sink.length;
  for (let attempts = 1; ; attempts += 1) {
    try {
      return await state.attempt();
    } catch (cause) {
      if (signal?.aborted) throw new AbortedError({ stage: "loading", cause: signal.reason });
      if (!(cause instanceof DownloadFailure)) throw cause;
      if (sink.length >= reached + enoughProgressBytes) {
        reached = sink.length;
        failures = 0;
      }
      failures += 1;
      if (!isTransient(cause.reason) || failures > maxRetries) {
        throw toModelLoadError(location, cause, attempts);
      }
      const longestMs = Math.min(settings.retryDelayMs * 2 ** (failures - 1), longestDelayMs);
      const drawnMs = (longestMs * (1 + settings.random())) / 2;
      await delay(
        Math.max(drawnMs, Math.min(cause.retryAfterMs, longestRetryAfterMs)),
        settings.environment,
        signal,
      );
    }
  }
}

function findUrlProblem(source: string): string | undefined {
  const [scheme] = /^[a-z][a-z0-9+.-]+:/i.exec(source) ?? [];
  // A path relative to the page.
  if (scheme === undefined) return undefined;
  if (!/^(?:https?|data|blob|file):$/i.test(scheme)) {
    return `its URL has the scheme ${scheme}, which is not supported; use https:, http:, file: or a path`;
  }
  return URL.canParse(source) ? undefined : "its URL is malformed; check it";
}

const enoughProgressBytes = 1024 ** 2;
const longestDelayMs = 10_000;
const longestRetryAfterMs = 60_000;
const progressStepBytes = 256 * 1024;

/** What is known from one attempt to the next. */
class DownloadState {
  readonly #options: Download;
  #etag: string | undefined;
  #isResumable = true;
  #answers: number;
  #reportedBytes = -1;

  constructor(options: Download) {
    this.#options = options;
    this.#answers = options.sink.length > 0 ? 1 : 0;
  }

  async attempt(): Promise<DownloadOutcome> {
    const { sink, isChecked, settings } = this.#options;
    const mayResume = this.#isResumable && (isChecked || isStrong(this.#etag));
    if (sink.length > 0 && !mayResume) await this.#clear();
    const { controller, unlink } = linkedController(this.#options.signal);
    const stalled = stallTimer(settings, controller);
    try {
      const { url, headers } = withoutCredentials(this.#options.source);
      const request: PartRequest = {
        url,
        offset: sink.length,
        etag: sink.length > 0 && isStrong(this.#etag) ? this.#etag : undefined,
        isConditional: sink.length === 0 && this.#options.unlessEtag !== undefined,
        isCrossOrigin: isCrossOrigin(url),
      };
      const response = await asFailure(
        async () =>
          settings.fetch(url, {
            headers: { ...headers, ...this.#headers(request) },
            signal: controller.signal,
          }),
        stalled,
      );
      try {
        return await this.#readAnswer(response, request, stalled);
      } catch (error) {
        // The connection is of no more use; that it cannot be closed is of no interest then.
        controller.abort();
        throw error;
      }
    } finally {
      stalled.cancel();
      unlink();
    }
  }

  #headers({ offset, etag, isConditional, isCrossOrigin }: PartRequest): Record<string, string> {
    // What a server compresses on the fly has no length, and cannot be continued. Browsers leave it out.
    const headers: Record<string, string> = {};
    if (!isCrossOrigin && !isBrowser()) headers["accept-encoding"] = "identity";
    if (isConditional) headers["if-none-match"] = this.#options.unlessEtag!;
    if (offset > 0) headers["range"] = `bytes=${offset}-`;
    // To another origin it would need its leave; then the ETag of the answer is compared.
    if (etag !== undefined && !isCrossOrigin) headers["if-range"] = etag;
    return headers;
  }

  async #readAnswer(response: Response, request: PartRequest, stalled: StallTimer): Promise<DownloadOutcome> {
    const { sink, isChecked } = this.#options;
    const answer = judgeResponse(response, request);
    if (answer.kind !== "body") await response.body?.cancel();
    if (answer.kind === "not-modified") {
      return { kind: "not-modified", etag: this.#options.unlessEtag, isPatched: false };
    }
    if (answer.kind === "no-more" && isChecked && answer.totalBytes === sink.length) {
      return { kind: "complete", etag: undefined, isPatched: true };
    }
    if (answer.kind !== "body") {
      await this.#clear();
      throw new DownloadFailure({
        reason: "network",
        problem: "the file changed on the server while it was read; try again",
      });
    }
    if (answer.offset < sink.length) await this.#clear();
    this.#answers += 1;
    this.#etag = answer.etag;
    this.#isResumable = answer.isResumable;
    await this.#readBody(response, answer, stalled);
    return { kind: "complete", etag: answer.etag, isPatched: this.#answers > 1 };
  }

  async #readBody(response: Response, answer: PartAnswer, stalled: StallTimer): Promise<void> {
    const { sink, sizeBytes = Infinity, settings } = this.#options;
    const totalBytes = answer.totalBytes ?? this.#options.sizeBytes;
    // No more than will be read, whatever the server declares.
    if (totalBytes !== undefined) sink.reserve(Math.min(totalBytes, sizeBytes, settings.maxBytes));
    const reader = response.body?.getReader();
    let isSniffed = false;
    const sniff = (): void => {
      isSniffed = true;
      if (isHtmlPage(sink.head(htmlHeadBytes), answer.contentType)) throw htmlPage();
    };
    while (reader !== undefined) {
      stalled.restart();
      const { done, value } = await asFailure(() => reader.read(), stalled);
      stalled.cancel();
      if (done) break;
      await sink.append(value);
      if (!isSniffed && sink.length >= htmlHeadBytes) sniff();
      // What is to be too large is read until it is seen to be no page, which is to be called that.
      const declaredBytes = isSniffed && answer.isTotalSure ? (answer.totalBytes ?? 0) : 0;
      this.#checkSize(answer, Math.max(sink.length, declaredBytes));
      this.#report(totalBytes, progressStepBytes);
    }
    if (!isSniffed) sniff();
    if (answer.isTotalSure && answer.totalBytes !== undefined && sink.length !== answer.totalBytes) {
      const { length } = sink;
      // More than there is cannot be part of it.
      if (length > answer.totalBytes) await this.#clear();
      throw new DownloadFailure({
        reason: "truncated",
        problem: `the server declared ${answer.totalBytes} bytes and sent ${length}; check the file on the server`,
      });
    }
    this.#report(totalBytes, 1);
  }

  /** Refuses what is too large before it is held. */
  #checkSize({ contentType, totalBytes }: PartAnswer, bytes: number): void {
    const { sizeBytes = Infinity, settings, location, sink } = this.#options;
    if (bytes > sizeBytes) {
      if (isHtmlPage(sink.head(htmlHeadBytes), contentType)) throw htmlPage();
      const actual = totalBytes ?? `at least ${bytes}`;
      throw new IntegrityError({ location, property: "sizeBytes", expected: sizeBytes, actual });
    }
    if (bytes > settings.maxBytes) {
      const size = totalBytes ?? `more than ${settings.maxBytes}`;
      throw new DownloadFailure({
        reason: "too-large",
        problem: `it has ${size} bytes, and \`maxBytes\` is ${settings.maxBytes}; raise it if the file is meant to be as large`,
      });
    }
  }

  #report(totalBytes: number | undefined, step: number): void {
    const { sink, onProgress } = this.#options;
    const isBehind = sink.length < this.#reportedBytes;
    if (this.#reportedBytes >= 0 && !isBehind && sink.length < this.#reportedBytes + step) return;
    this.#reportedBytes = sink.length;
    onProgress?.({ loadedBytes: sink.length, totalBytes });
  }

  async #clear(): Promise<void> {
    this.#etag = undefined;
    this.#answers = 0;
    await this.#options.sink.clear();
  }
}

function htmlPage(): DownloadFailure {
  return new DownloadFailure({
    reason: "html-page",
    problem:
      "the server sent an HTML page where a model file was expected, " +
      "which may be a login, an error or a single-page application's index; check the URL in a browser",
  });
}
