import { EventEmitter, once } from "node:events";
import { connect } from "node:net";

import { fastify } from "fastify";
import { expect, it } from "vitest";

import { clientSignal } from "./client-signal.ts";

it("aborts when the client goes before its answer, and not when it has it", async () => {
  const app = fastify();
  const signals: AbortSignal[] = [];
  const requests = new EventEmitter();
  app.post("/answered", (_request, reply) => {
    signals.push(clientSignal(reply));
    return "done";
  });
  app.post("/left", async (_request, reply) => {
    const signal = clientSignal(reply);
    signals.push(signal);
    requests.emit("arrived");
    await once(signal, "abort");
    return "nobody reads this";
  });
  const url = await app.listen({ host: "127.0.0.1", port: 0 });
  await fetch(`${url}/answered`, {
    method: "POST",
    body: "{}",
    headers: { "content-type": "application/json" },
  });

  const arrived = once(requests, "arrived");
  const socket = connect(Number(new URL(url).port), "127.0.0.1");
  socket.write(
    "POST /left HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}",
  );
  await arrived;
  expect(signals.map((signal) => signal.aborted)).toEqual([false, false]);
  const aborted = once(signals[1]!, "abort");
  socket.destroy();
  await aborted;
  await app.close();
  expect(signals.map((signal) => signal.aborted)).toEqual([false, true]);
});
