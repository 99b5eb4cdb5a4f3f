import { connect, type Socket } from "node:net";

/** A response: its status and its body as text. */
export interface HttpAnswer {
  readonly status: number;
  readonly body: string;
}

/** What a request is made of. */
export interface PostRequest {
  readonly path: string;
  /** Sent as JSON. */
  readonly body: unknown;
  /** Whether the server may keep the connection for the next request. Default true. */
  readonly keepAlive?: boolean | undefined;
}

/** The bytes of a `POST` with a JSON body, made once and sent often. */
export function encodePost({ path, body, keepAlive = true }: PostRequest): Buffer {
  const json = JSON.stringify(body);
  const head = [
    `POST ${path} HTTP/1.1`,
    "Host: 127.0.0.1",
    "Content-Type: application/json",
    `Content-Length: ${Buffer.byteLength(json)}`,
    ...(keepAlive ? [] : ["Connection: close"]),
  ];
  return Buffer.from(`${head.join("\r\n")}\r\n\r\n${json}`);
}

/** How long an answer may take, in milliseconds. */
const timeoutMs = 30_000;

/**
 * An HTTP/1.1 client for load: it writes requests that are bytes already, keeps connections as
 * long as the server does, and understands answers with a `Content-Length` only. The server under
 * load shares the machine with it, and `node:http` was seen to take twice the time of the
 * processor for the same requests.
 */
export class HttpClient {
  readonly #port: number;
  readonly #idle: Connection[] = [];

  constructor(port: number) {
    this.#port = port;
  }

  /**
   * Sends a request to 127.0.0.1, over an idle connection or a new one.
   *
   * @throws Error when the connection fails, the answer is not one it understands, or it does not
   *   come in time.
   */
  async send(request: Buffer): Promise<HttpAnswer> {
    const connection = this.#idle.pop() ?? new Connection(this.#port);
    const { keepsAlive, ...answer } = await connection.exchange(request);
    if (keepsAlive) this.#idle.push(connection);
    else connection.close();
    return answer;
  }

  /** Closes the idle connections. */
  close(): void {
    for (const connection of this.#idle.splice(0)) connection.close();
  }
}

interface Exchanged extends HttpAnswer {
  readonly keepsAlive: boolean;
}

/** A connection with one request at a time on it. */
class Connection {
  readonly #socket: Socket;
  #received: Buffer | undefined;
  #resolve: (answer: Exchanged) => void = () => {};
  #reject: (error: Error) => void = () => {};

  constructor(port: number) {
    this.#socket = connect({ port, host: "127.0.0.1", noDelay: true, timeout: timeoutMs });
    this.#socket.on("data", (chunk) => this.#onData(chunk));
    this.#socket.on("timeout", () => this.#fail(new Error(`There was no answer within ${timeoutMs} ms.`)));
    this.#socket.on("error", (error) => this.#fail(error));
    this.#socket.on("close", () =>
      this.#fail(new Error("The server closed the connection without an answer.")),
    );
  }

  exchange(request: Buffer): Promise<Exchanged> {
    return new Promise((resolve, reject) => {
      this.#received = undefined;
      this.#resolve = resolve;
      this.#reject = reject;
      if (this.#socket.destroyed) reject(new Error("The server closed the idle connection."));
      else this.#socket.write(request);
    });
  }

  close(): void {
    this.#socket.destroy();
  }

  #onData(chunk: Buffer): void {
    this.#received = this.#received === undefined ? chunk : Buffer.concat([this.#received, chunk]);
    try {
      const answer = parseAnswer(this.#received);
      if (answer !== undefined) this.#resolve(answer);
    } catch (error) {
      this.#fail(error as Error);
    }
  }

  // After the answer this has no effect: a promise settles once.
  #fail(error: Error): void {
    this.#reject(error);
    this.#socket.destroy();
  }
}

/** The answer in the bytes so far, or undefined while there is more to come. */
function parseAnswer(bytes: Buffer): Exchanged | undefined {
  const headEnd = bytes.indexOf("\r\n\r\n");
  if (headEnd < 0) return undefined;
  const head = bytes.toString("latin1", 0, headEnd);
  const status = /^HTTP\/1\.[01] (\d{3})/.exec(head)?.[1];
  const length = /\r\ncontent-length: *(\d+)/i.exec(head)?.[1];
  if (status === undefined || length === undefined) {
    throw new Error(`The answer is not HTTP/1 with a Content-Length: ${JSON.stringify(head.slice(0, 200))}`);
  }
  const bodyStart = headEnd + 4;
  const bodyEnd = bodyStart + Number(length);
  if (bytes.length < bodyEnd) return undefined;
  const keepsAlive = head.startsWith("HTTP/1.1") && !/\r\nconnection: *close/i.test(head);
  return { status: Number(status), body: bytes.toString("utf8", bodyStart, bodyEnd), keepsAlive };
}
