import { afterEach, expect, test, vi } from "vitest";

import type { ChannelEnd, ClientChannel } from "./channel.ts";
import type { ClientMessage, HostMessage } from "./protocol.ts";
import { findWebHost, startWebWorker } from "./web-channel.ts";

const module = new URL("https://example.test/worker.js");

/** A web worker whose other end is this global scope. */
class FakeWebWorker extends EventTarget {
  static last: FakeWebWorker;
  terminated = 0;
  readonly given: readonly unknown[];

  constructor(...given: readonly unknown[]) {
    super();
    this.given = given;
    FakeWebWorker.last = this;
  }

  postMessage(data: unknown, transfer: ArrayBuffer[]): void {
    scope.dispatchEvent(new MessageEvent("message", { data: structuredClone(data, { transfer }) }));
  }

  terminate(): void {
    this.terminated += 1;
  }
}

const scope = Object.assign(new EventTarget(), { closed: 0 });

function stubWebWorkers(): void {
  vi.stubGlobal("Worker", FakeWebWorker);
  vi.stubGlobal("WorkerGlobalScope", class {});
  vi.stubGlobal("addEventListener", scope.addEventListener.bind(scope));
  vi.stubGlobal("postMessage", (data: unknown, transfer: ArrayBuffer[] = []) => {
    FakeWebWorker.last.dispatchEvent(
      new MessageEvent("message", { data: structuredClone(data, { transfer }) }),
    );
  });
  vi.stubGlobal("close", () => {
    scope.closed += 1;
  });
}

afterEach(() => void vi.unstubAllGlobals());

/** A started channel, and what it has told. */
function open(): { channel: ClientChannel; messages: HostMessage[]; ends: ChannelEnd[] } {
  stubWebWorkers();
  const channel = startWebWorker(module)!;
  const messages: HostMessage[] = [];
  const ends: ChannelEnd[] = [];
  channel.listen({ onMessage: (message) => messages.push(message), onClose: (end) => ends.push(end) });
  return { channel, messages, ends };
}

test("where there are no web workers, none is started and none is found", () => {
  vi.stubGlobal("Worker", undefined);
  expect(startWebWorker(module)).toBeUndefined();
  expect(findWebHost()).toBeUndefined();
});

test("carries messages and memory both ways, until the worker leaves", () => {
  const { channel, messages, ends } = open();
  const host = findWebHost()!;
  const received: ClientMessage[] = [];
  host.listen({ onMessage: (message) => received.push(message), onClose: () => {} });
  expect(FakeWebWorker.last.given).toEqual([module, { type: "module" }]);

  const bytes = new Uint8Array(3);
  channel.post({ type: "read-done", read: 1, bytes }, [bytes.buffer]);
  channel.post({ type: "stop" });
  expect(received).toEqual([{ type: "read-done", read: 1, bytes: new Uint8Array(3) }, { type: "stop" }]);
  expect(bytes.byteLength).toBe(0);
  host.post({ type: "hello", version: 1 });
  expect(ends).toEqual([]);
  host.leave();
  expect(messages).toEqual([{ type: "hello", version: 1 }, { type: "stopped" }]);
  expect(ends).toHaveLength(1);
  expect(scope.closed).toBe(1);
});

test("ends a worker that throws, and one that is given up", () => {
  const { channel, ends } = open();
  const error = new Error("out of nowhere");
  const event = Object.assign(new Event("error"), { message: "Uncaught Error: out of nowhere", error });
  FakeWebWorker.last.dispatchEvent(event);
  expect(ends).toEqual([{ problem: "it failed (Uncaught Error: out of nowhere)", cause: error }]);
  expect(FakeWebWorker.last.terminated).toBe(1);
  expect(channel.giveUp()).toBe("killed");
  expect(FakeWebWorker.last.terminated).toBe(2);
});
