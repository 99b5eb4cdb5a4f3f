import { once } from "node:events";
import { createServer, type RequestListener } from "node:http";
import { type AddressInfo, createServer as createTcpServer, type Server } from "node:net";

import { afterEach, describe, expect, test } from "vitest";

import { encodePost, HttpClient } from "./http-client.ts";

const cleanUps: (() => void)[] = [];
afterEach(() => {
  for (const cleanUp of cleanUps.splice(0)) cleanUp();
});

/** Listens, counts the connections, and gives a client to it. */
async function listen(server: Server): Promise<{ client: HttpClient; connections: () => number }> {
  let connections = 0;
  server.on("connection", (socket) => {
    connections += 1;
    cleanUps.push(() => socket.destroy());
  });
  await once(server.listen(0, "127.0.0.1"), "listening");
  const client = new HttpClient((server.address() as AddressInfo).port);
  cleanUps.push(() => {
    client.close();
    server.close();
  });
  return { client, connections: () => connections };
}

/** Answers with what it was sent. */
const echo: RequestListener = (request, response) => {
  const chunks: Buffer[] = [];
  request.on("data", (chunk: Buffer) => chunks.push(chunk));
  request.once("end", () => {
    const body = Buffer.concat(chunks);
    response.writeHead(request.url === "/teapot" ? 418 : 200, { "content-length": body.length });
    response.write(body.subarray(0, 5));
    // Two writes arrive as two chunks.
    setImmediate(() => response.end(body.subarray(5)));
  });
};

describe("HttpClient", () => {
  test("sends JSON and gives status and body, whatever their characters", async () => {
    const { client } = await listen(createServer(echo));
    const body = { name: "Größe 📱", values: [1, 2, 3] };
    const answer = await client.send(encodePost({ path: "/teapot", body }));
    expect(answer.status).toBe(418);
    expect(JSON.parse(answer.body)).toEqual(body);
  });

  test("keeps a connection as long as the server does", async () => {
    const { client, connections } = await listen(createServer(echo));
    for (let count = 0; count < 3; count += 1) {
      await client.send(encodePost({ path: "/", body: "some text" }));
    }
    expect(connections()).toBe(1);
    await client.send(encodePost({ path: "/", body: "some text", keepAlive: false }));
    await client.send(encodePost({ path: "/", body: "some text" }));
    expect(connections()).toBe(2);
  });

  test("has a connection of its own for each of the requests at once", async () => {
    const { client, connections } = await listen(createServer(echo));
    const bodies = ["one", "two", "three"];
    const answers = await Promise.all(bodies.map((body) => client.send(encodePost({ path: "/", body }))));
    expect(answers.map(({ body }) => JSON.parse(body))).toEqual(bodies);
    expect(connections()).toBe(3);
  });

  test("fails when the server closes in the middle of an answer", async () => {
    const server = createTcpServer((socket) =>
      socket.end("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf"),
    );
    const { client } = await listen(server);
    await expect(client.send(encodePost({ path: "/", body: 1 }))).rejects.toThrow("closed the connection");
  });

  test("refuses an answer without a length", async () => {
    const server = createTcpServer((socket) =>
      socket.write("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"),
    );
    const { client } = await listen(server);
    await expect(client.send(encodePost({ path: "/", body: 1 }))).rejects.toThrow("Content-Length");
  });

  test("fails when nobody listens", async () => {
    await expect(new HttpClient(1).send(encodePost({ path: "/", body: 1 }))).rejects.toThrow("ECONNREFUSED");
  });
});
