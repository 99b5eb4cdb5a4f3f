import { isMainThread, parentPort, Worker } from "node:worker_threads";

import { tensor } from "../tensor/tensor.ts";
import { isolations, order, startFakeSession } from "./worker.fixtures.ts";

// `node --conditions=@mlops/source transport.bench.ts` prints how long inputs take to a worker
// and an answer of 16 numbers back, in microseconds, by the way they take: what input-memory.ts
// rests on. Waking a thread takes about 10 or about 70, as the machine has it.

interface Message {
  readonly x: Float32Array<ArrayBufferLike>;
  readonly comesBack: boolean;
}

interface Reply {
  readonly y: Float32Array;
  readonly x?: Float32Array<ArrayBuffer>;
}

/** Sends the same numbers again and again. */
type Transport = () => Promise<unknown>;

const runs = 2000;

async function measureAll(): Promise<void> {
  write("p10", "p50", "p99", "mean", "");
  for (const kilobytes of [1, 64, 1024]) {
    const source = new Float32Array(kilobytes * 256).fill(1);
    for (const name of Object.keys(makeTransports(source, () => Promise.reject(new Error("unused"))))) {
      const worker = new Worker(new URL(import.meta.url));
      let resolve = (_reply: Reply): void => {};
      worker.on("message", (reply: Reply) => resolve(reply));
      const roundTrip = (message: Message, transfer: ArrayBuffer[] = []): Promise<Reply> =>
        new Promise((settle) => {
          resolve = settle;
          worker.postMessage(message, transfer);
        });
      await measure(`${kilobytes} KB, ${name}`, makeTransports(source, roundTrip)[name]!);
      await worker.terminate();
    }
    for (const isolation of isolations) {
      await using fake = await startFakeSession({ isolation });
      const inputs = order("drop", { x: tensor("float32", source) });
      await measure(`${kilobytes} KB, RemoteSession, ${isolation}`, () => fake.session.doRun(inputs, {}));
    }
  }
}

function makeTransports(
  source: Float32Array<ArrayBuffer>,
  roundTrip: (message: Message, transfer?: ArrayBuffer[]) => Promise<Reply>,
): Readonly<Record<string, Transport>> {
  let kept = new Float32Array(source.length);
  const shared = new Float32Array(new SharedArrayBuffer(source.byteLength));
  const sendKept = async (): Promise<void> => {
    kept = (await roundTrip({ x: kept, comesBack: true }, [kept.buffer])).x!;
  };
  return {
    "structured clone": () => roundTrip({ x: source, comesBack: false }),
    "new memory, transferred": () => {
      const x = source.slice();
      return roundTrip({ x, comesBack: false }, [x.buffer]);
    },
    "kept memory, transferred there and back": () => {
      kept.set(source);
      return sendKept();
    },
    "shared memory": () => {
      shared.set(source);
      return roundTrip({ x: shared, comesBack: false });
    },
    "kept memory, without the copy": sendKept,
    "shared memory, without the copy": () => roundTrip({ x: shared, comesBack: false }),
  };
}

async function measure(name: string, transport: Transport): Promise<void> {
  for (let run = 0; run < runs / 5; run += 1) await transport();
  const times: number[] = [];
  for (let run = 0; run < runs; run += 1) {
    const start = performance.now();
    await transport();
    times.push(1000 * (performance.now() - start));
  }
  times.sort((a, b) => a - b);
  const at = (fraction: number): string => times[Math.floor(runs * fraction)]!.toFixed(0);
  const mean = times.reduce((sum, time) => sum + time, 0) / runs;
  write(at(0.1), at(0.5), at(0.99), mean.toFixed(0), name);
}

function write(...columns: readonly string[]): void {
  const [name = "", ...numbers] = columns.toReversed();
  process.stdout.write(
    `${numbers
      .toReversed()
      .map((text) => text.padStart(6))
      .join("")}  ${name}\n`,
  );
}

function serve(): void {
  parentPort!.on("message", ({ x, comesBack }: Message) => {
    let sum = 0;
    for (let index = 0; index < x.length; index += 1024) sum += x[index]!;
    const y = new Float32Array(16).fill(sum);
    if (comesBack) parentPort!.postMessage({ y, x }, [y.buffer, x.buffer as ArrayBuffer]);
    else parentPort!.postMessage({ y }, [y.buffer]);
  });
}

if (isMainThread) await measureAll();
else serve();
