import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

/** Options of {@link startServerProcess}. */
export interface ServerProcessOptions {
  readonly command: string;
  readonly commandArguments: readonly string[];
  /** Added to this process's own environment. */
  readonly environment?: Readonly<Record<string, string>> | undefined;
  /** Asks the server for something real, and rejects when it does not come. */
  readonly probe: () => Promise<void>;
  /** After this time without a good answer the server counts as failed. Default a minute. */
  readonly timeoutMs?: number | undefined;
}

/** A server in a process of its own. */
export interface ServerProcess {
  /** From the start of the process to its first good answer. */
  readonly coldStartMs: number;
  /** The most memory that it has had resident, in MB of 10^6 bytes; undefined where the system does not tell. */
  peakMemoryMb(): number | undefined;
  /** Ends it, at last by force. */
  stop(): Promise<void>;
}

/** How long to wait before asking again whether the server is there: the resolution of a cold start. */
const pollMs = 2;
/** How long a server may take to stop before it is killed. */
const graceMs = 5000;

/**
 * Starts a server, and waits for its first good answer. It does not outlive this process, as long
 * as this one exits by itself: see {@link exitOnSignals}.
 *
 * @throws Error with the end of what it printed, when it ends or the time is over before it answers.
 */
export async function startServerProcess(options: ServerProcessOptions): Promise<ServerProcess> {
  const { command, commandArguments, environment, probe, timeoutMs = 60_000 } = options;
  const folder = mkdtempSync(join(tmpdir(), "benchmark-"));
  const logFile = join(folder, "output.log");
  // A file, because a pipe has to be emptied by the process that measures.
  const log = openSync(logFile, "w");
  const startedAt = performance.now();
  const child = spawn(command, commandArguments, {
    env: { ...process.env, ...environment },
    stdio: ["ignore", log, log],
  });
  closeSync(log);
  let spawnError: Error | undefined;
  child.once("error", (error) => {
    spawnError = error;
  });
  const kill = (): boolean => child.kill("SIGKILL");
  const removeFolder = (): void => rmSync(folder, { recursive: true, force: true });
  const onExit = (): void => {
    kill();
    removeFolder();
  };
  process.once("exit", onExit);

  const stop = async (): Promise<void> => {
    if (isRunning(child)) {
      child.kill("SIGTERM");
      const timer = setTimeout(kill, graceMs);
      await once(child, "exit");
      clearTimeout(timer);
    }
    process.removeListener("exit", onExit);
    removeFolder();
  };

  const fail = async (reason: string, cause: unknown): Promise<never> => {
    const printed = readFileSync(logFile, "utf8").slice(-2000);
    await stop();
    const commandLine = [command, ...commandArguments].join(" ");
    throw new Error(`The server \`${commandLine}\` ${reason}.\n${printed}`, { cause });
  };

  for (;;) {
    let problem: unknown;
    try {
      await probe();
      break;
    } catch (error) {
      problem = error;
    }
    if (!isRunning(child)) await fail("ended before it answered", spawnError);
    if (performance.now() - startedAt > timeoutMs) {
      await fail(`gave no good answer within ${timeoutMs} ms (the last time: ${String(problem)})`, problem);
    }
    await sleep(pollMs);
  }
  const coldStartMs = performance.now() - startedAt;
  return { coldStartMs, stop, peakMemoryMb: () => readPeakMemoryMb(child.pid) };
}

function isRunning(child: ChildProcess): boolean {
  return child.pid !== undefined && child.exitCode === null && child.signalCode === null;
}

/** Makes signals end this process as `process.exit` does, with its servers. */
export function exitOnSignals(): void {
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
    process.once(signal, () => process.exit(1));
  }
}

/** The high-water mark of resident memory, which only Linux tells of another process. */
function readPeakMemoryMb(processId: number | undefined): number | undefined {
  if (process.platform !== "linux") return undefined;
  const kibibytes = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${processId}/status`, "utf8"))?.[1];
  return kibibytes === undefined ? undefined : (Number(kibibytes) * 1024) / 1e6;
}
