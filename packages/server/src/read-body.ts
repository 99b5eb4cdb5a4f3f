import { ProtocolError } from "./http-error.ts";

/**
 * Reads a request's body, and no more of it than allowed.
 *
 * @throws ProtocolError 413 when it is larger.
 */
export async function readBody(request: Request, maxBytes: number): Promise<Uint8Array> {
  const declared = Number(request.headers.get("content-length") ?? 0);
  if (declared > maxBytes) throw tooLarge(maxBytes);
  const chunks: Uint8Array[] = [];
  let length = 0;
  const reader = request.body?.getReader();
  while (reader !== undefined) {
    const { done, value } = await reader.read();
    if (done) break;
    chunks.push(value);
    length += value.byteLength;
    if (length > maxBytes) {
      await reader.cancel();
      throw tooLarge(maxBytes);
    }
  }
  const body = new Uint8Array(length);
  let offset = 0;
  for (const chunk of chunks) {
    body.set(chunk, offset);
    offset += chunk.byteLength;
  }
  return body;
}

/** The answer to a body that is over the limit. */
export function tooLarge(maxBytes: number): ProtocolError {
  return new ProtocolError({
    status: 413,
    code: "PAYLOAD_TOO_LARGE",
    message: `The body is larger than ${maxBytes} bytes, the most that this server takes. Send fewer rows a request.`,
  });
}
