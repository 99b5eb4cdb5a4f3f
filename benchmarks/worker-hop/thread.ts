import { parentPort } from "node:worker_threads";

import type { HopMessage, HopReply } from "./ways.ts";

// The other thread of `pnpm bench:worker-hop`.

parentPort!.on("message", ({ x, comesBack }: HopMessage) => {
  let sum = 0;
  for (let index = 0; index < x.length; index += 1) sum += x[index]!;
  // What comes back was transferred, so that its memory is not shared.
  const returned = comesBack ? (x as Float32Array<ArrayBuffer>) : undefined;
  const reply: HopReply = { sum, x: returned };
  parentPort!.postMessage(reply, returned === undefined ? [] : [returned.buffer]);
});
