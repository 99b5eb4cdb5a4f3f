import { writeSync } from "node:fs";

import {
  errorOf,
  type FakeWorkerOptions,
  order,
  startFakeSession,
  startFakeWorker,
} from "./worker.fixtures.ts";

// Run by lifetime.test.ts as a program: `node lifetime.fixtures.ts <isolation> <ending>`. It prints
// a line when it has done what it has to, and is expected to end by itself.

const [isolation, ending] = process.argv.slice(2) as [NonNullable<FakeWorkerOptions["isolation"]>, string];

const programs: Readonly<Record<string, () => Promise<unknown>>> = {
  async forgets() {
    const { session } = await startFakeSession({ isolation });
    await session.doRun(order("echo"), {});
  },
  async "forgets what has printed"() {
    const { session } = await startFakeSession({ isolation, load: "print" });
    await session.doRun(order("print"), {});
  },
  async stops() {
    const { session, worker } = await startFakeSession({ isolation });
    await session.doRun(order("echo"), {});
    return worker.stop();
  },
  async "stops what has printed"() {
    const { session, worker } = await startFakeSession({ isolation });
    await session.doRun(order("print"), {});
    return worker.stop();
  },
  async "forgets without a session"() {
    await startFakeWorker({ isolation });
  },
  // Nothing but the call that is under way keeps this process alive.
  async waits() {
    const { session } = await startFakeSession({ isolation, blockMs: 100 });
    await session.doRun(order("block"), {});
  },
  // The thread is blocked when the program is done, and for a while after.
  async abandons() {
    const { session, worker } = await startFakeSession({ isolation, blockMs: 300 });
    const run = errorOf(session.doRun(order("block"), {}));
    const outcome = await worker.stop({ graceMs: 0 });
    return [outcome, Reflect.get(await run, "code")].join(" ");
  },
  // Its event loop is free, but the run never ends.
  async "abandons what hangs"() {
    const { session, worker } = await startFakeSession({ isolation });
    void errorOf(session.doRun(order("wait"), {}));
    return worker.stop({ graceMs: 0 });
  },
  async dies() {
    const { session } = await startFakeSession({ isolation, supportsParallelRuns: true });
    void errorOf(session.doRun(order("wait"), {}));
    const { pid } = await session.doRun(order("pid"), {});
    writeSync(1, String(pid!.data));
    process.kill(process.pid, "SIGKILL");
  },
  async loses() {
    const { session } = await startFakeSession({ isolation });
    const error = await errorOf(session.doRun(order("exit"), {}));
    return Reflect.get(error, "code");
  },
};

const said = await programs[ending]!();
writeSync(1, `${ending} ${String(said)}\n`);
