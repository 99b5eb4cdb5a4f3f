import { readFileSync } from "node:fs";

import type { Engine, EngineOptions } from "./engine.ts";
import type { Load, LoadResult } from "./load.ts";
import { measureLoad } from "./measure-load.ts";
import { measureInTurns } from "./measure-overhead.ts";
import type { Exchange } from "./requests.ts";
import { subjects } from "./subjects.ts";

/** What {@link startSubject} asks this program for. */
export type SubjectCall =
  | {
      readonly type: "start";
      readonly names: readonly string[];
      readonly options: EngineOptions;
      readonly exchanges: readonly Exchange[];
    }
  | { readonly type: "load"; readonly load: Load }
  | { readonly type: "in-turns"; readonly durationMs: number }
  | { readonly type: "stop" };

/** What it answers, in the same order. */
export interface SubjectAnswers {
  readonly start: undefined;
  readonly load: LoadResult;
  /** The median latencies of the first two subjects, in milliseconds. */
  readonly "in-turns": readonly [number, number];
  /** The most resident memory that the process has had, in MB of 10^6 bytes. */
  readonly stop: number;
}

let engines: Engine[] = [];
let exchanges: readonly Exchange[] = [];

// Run by startSubject() as a process of its own.
process.on("message", (call: SubjectCall) => {
  void answer(call).then(
    (value) => process.send!({ value }),
    (error: unknown) => process.send!({ problem: error instanceof Error ? error.message : String(error) }),
  );
});

async function answer(call: SubjectCall): Promise<SubjectAnswers[SubjectCall["type"]]> {
  switch (call.type) {
    case "start":
      exchanges = call.exchanges;
      engines = await Promise.all(call.names.map((name) => subjects[name]!(call.options)));
      return undefined;
    case "load":
      return measureLoad(engines[0]!, exchanges, call.load);
    case "in-turns":
      return measureInTurns([engines[0]!, engines[1]!], exchanges, call.durationMs);
    case "stop":
      await Promise.all(engines.map((engine) => engine.close()));
      // Ends by itself unless the engine has left something behind: that would be found here.
      setImmediate(() => process.disconnect());
      return peakMemoryMb();
  }
}

// On Linux `maxRSS` has the peak of who started this process in it, too.
function peakMemoryMb(): number {
  const { maxRSS } = process.resourceUsage();
  if (process.platform !== "linux") return (maxRSS * 1024) / 1e6;
  const kibibytes = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync("/proc/self/status", "utf8"))?.[1];
  return (Number(kibibytes ?? maxRSS) * 1024) / 1e6;
}
