import { fork } from "node:child_process";
import { once } from "node:events";

import type { EngineOptions } from "./engine.ts";
import type { Load, LoadResult } from "./load.ts";
import type { Exchange } from "./requests.ts";
import type { SubjectAnswers, SubjectCall } from "./subject-program.ts";

/** Subjects in a process of their own, one after the other at its calls. */
export interface SubjectProcess {
  measureLoad(load: Load): Promise<LoadResult>;
  /** The median latencies of one caller, with the first two subjects taking turns. */
  measureInTurns(durationMs: number): Promise<readonly [number, number]>;
  /**
   * Ends the process.
   *
   * @returns The most resident memory that it has had, in MB of 10^6 bytes.
   * @throws Error when it does not end by itself, with code 0.
   */
  stop(): Promise<number>;
  /** Ends it whatever it does. */
  kill(): void;
}

/** How long a process may take to end after it has closed its engine. */
const endMs = 10_000;

/** Starts a process with an engine of each of these subjects. */
export async function startSubject(
  names: readonly string[],
  options: EngineOptions,
  exchanges: readonly Exchange[],
): Promise<SubjectProcess> {
  const child = fork(new URL("subject-program.ts", import.meta.url), {
    execArgv: ["--conditions=@mlops/source"],
    serialization: "advanced",
  });
  const who = names.join(" and ");
  const kill = (): void => void child.kill("SIGKILL");
  process.once("exit", kill);
  const exited = once(child, "exit").finally(() => process.removeListener("exit", kill));

  const call = async <Type extends SubjectCall["type"]>(
    message: Extract<SubjectCall, { type: Type }>,
  ): Promise<SubjectAnswers[Type]> => {
    const answered = once(child, "message") as Promise<[{ value: SubjectAnswers[Type]; problem?: string }]>;
    child.send(message);
    const first = await Promise.race([answered, exited.then(([code, signal]) => String(code ?? signal))]);
    if (typeof first === "string") throw new Error(`The process of ${who} ended with ${first}.`);
    const [{ value, problem }] = first;
    if (problem !== undefined) throw new Error(`${who}: ${problem}`);
    return value;
  };

  await call<"start">({ type: "start", names, options, exchanges });
  return {
    measureLoad: (load) => call<"load">({ type: "load", load }),
    measureInTurns: (durationMs) => call<"in-turns">({ type: "in-turns", durationMs }),
    async stop() {
      const peakMb = await call<"stop">({ type: "stop" });
      const timer = setTimeout(kill, endMs);
      const [code, signal] = await exited;
      clearTimeout(timer);
      if (code !== 0)
        throw new Error(`The process of ${who} did not end by itself: ${String(code ?? signal)}.`);
      return peakMb;
    },
    kill,
  };
}
