import { createHash } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import { gzipSync } from "node:zlib";

import { type HttpServer, startHttpServer } from "./http-server.fixtures.ts";

/** One version of a file on a server. */
export interface ServedFile {
  readonly bytes: Uint8Array;
  readonly etag?: string | undefined;
}

/** What a server does to one request. */
export interface Fault {
  /** Bytes of the body after which the connection is destroyed. */
  readonly breakAfter?: number | undefined;
  /** Answers with this status and nothing else. */
  readonly status?: number | undefined;
  /** Sends the whole file whatever range was asked for. */
  readonly ignoresRange?: boolean | undefined;
  /** Takes `If-Range` for fulfilled. */
  readonly ignoresIfRange?: boolean | undefined;
  /** Added to the declared length of the body. */
  readonly lengthError?: number | undefined;
  /** Sends it compressed. */
  readonly gzip?: boolean | undefined;
  /** Sends it in chunks, without a length. */
  readonly chunked?: boolean | undefined;
  /** Which version it has from now on. */
  readonly version?: number | undefined;
}

/** A real server of one file, as static file servers are, that does one fault after the other and then none. */
export async function startFaultyServer(
  versions: readonly ServedFile[],
  faults: readonly Fault[],
): Promise<HttpServer> {
  let count = 0;
  let version = 0;
  return startHttpServer((request, response) => {
    const fault = faults[count] ?? {};
    count += 1;
    version = fault.version ?? version;
    answer(request, response, versions[version]!, fault);
  });
}

function answer(request: IncomingMessage, response: ServerResponse, file: ServedFile, fault: Fault): void {
  if (fault.status !== undefined) return void response.writeHead(fault.status).end();
  const { etag } = file;
  if (etag !== undefined) {
    response.setHeader("etag", etag);
    if (request.headers["if-none-match"] === etag) return void response.writeHead(304).end();
  }
  const start = fault.ignoresRange ? undefined : rangeStart(request, etag, fault.ignoresIfRange);
  if (start !== undefined && start >= file.bytes.byteLength) {
    return void response.writeHead(416, { "content-range": `bytes */${file.bytes.byteLength}` }).end();
  }
  let body = file.bytes.subarray(start ?? 0);
  if (start !== undefined) {
    const { byteLength } = file.bytes;
    response.statusCode = 206;
    response.setHeader("content-range", `bytes ${start}-${byteLength - 1}/${byteLength}`);
  }
  if (fault.gzip) {
    body = gzipSync(body);
    response.setHeader("content-encoding", "gzip");
  }
  if (!fault.chunked) response.setHeader("content-length", body.byteLength + (fault.lengthError ?? 0));
  response.flushHeaders();
  const isCut = fault.breakAfter !== undefined && fault.breakAfter < body.byteLength;
  if (isCut) body = body.subarray(0, fault.breakAfter);
  // What was declared longer never comes to its end.
  const end = (): void =>
    void (isCut || (fault.lengthError ?? 0) > 0 ? request.socket.destroy() : response.end());
  if (body.byteLength === 0) end();
  else response.write(body, end);
}

function rangeStart(
  { headers }: IncomingMessage,
  etag: string | undefined,
  ignoresIfRange = false,
): number | undefined {
  const match = /^bytes=(\d+)-$/.exec(headers.range ?? "");
  if (match === null) return undefined;
  const condition = headers["if-range"];
  if (condition !== undefined && condition !== etag && !ignoresIfRange) return undefined;
  return Number(match[1]);
}

/** Bytes that look random, and are the same for the same seed. */
export function noise(length: number, seed = 1): Uint8Array {
  let state = seed;
  return Uint8Array.from({ length }, () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) | 0;
    return state >>> 24;
  });
}

/** The SHA-256 of bytes, by Node. */
export function sha256Of(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex");
}
