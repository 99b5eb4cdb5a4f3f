import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { repositoryRoot } from "./lib/repository.ts";
import { runOrThrow } from "./lib/run.ts";

const startTimeLimitMs = 10 * 60_000;
const stopTimeLimitMs = 30_000;

/**
 * Does what the README tells a stranger to do, on a clone of the last commit and
 * with nothing installed or cached: `npx pnpm@12 start`, then `npx pnpm@12 test`.
 */
async function main(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "fresh-clone-"));
  const clone = join(folder, "clone");
  const env = emptyHome(join(folder, "home"));
  try {
    await runOrThrow("git", ["clone", "--quiet", repositoryRoot, clone], { cwd: folder });
    await start(clone, env);
    const test = spawn("npx", ["-y", "pnpm@12", "test"], {
      cwd: clone,
      env,
      stdio: ["ignore", "inherit", "inherit"],
    });
    const [code] = (await once(test, "exit")) as [number | null];
    if (code !== 0) throw new Error(`npx pnpm@12 test ended with ${code ?? "a signal"}.`);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Waits for the line with the URL, asks there, and expects a clean end when the server gets a SIGTERM. */
async function start(cwd: string, env: NodeJS.ProcessEnv): Promise<void> {
  const began = performance.now();
  const child = spawn("npx", ["-y", "pnpm@12", "start"], { cwd, env, stdio: ["ignore", "pipe", "inherit"] });
  const ended = once(child, "exit") as Promise<[number | null]>;
  let processes: ChildInfo[] = [];
  try {
    const url = await printedUrl(child);
    console.log(`npx pnpm@12 start: ${url} after ${((performance.now() - began) / 1000).toFixed(1)} s`);
    const response = await fetch(`${url}/v2/health/ready`, { headers: { connection: "close" } });
    await response.body?.cancel();
    if (!response.ok) throw new Error(`${url}/v2/health/ready answers ${response.status}.`);

    processes = descendants(child.pid ?? 0);
    // npx and pnpm do not pass a signal on, so the server gets it itself.
    const server = processes.findLast(({ command }) => command.startsWith("node"));
    if (!server) throw new Error("The server's process was not found.");
    process.kill(server.pid, "SIGTERM");
    const [code] = await Promise.race([ended, delay(stopTimeLimitMs, ["a timeout"])]);
    if (code !== 0) throw new Error(`npx pnpm@12 start ended with ${code ?? "a signal"} after SIGTERM.`);
  } finally {
    for (const { pid } of processes) killIfRunning(pid);
    child.kill("SIGKILL");
  }
}

interface ChildInfo {
  readonly pid: number;
  readonly command: string;
}

/** The processes that a process has started, and those that they have. Linux only. */
function descendants(pid: number): ChildInfo[] {
  return readdirSync(`/proc/${pid}/task`)
    .flatMap((thread) => readFileSync(`/proc/${pid}/task/${thread}/children`, "utf8").split(" "))
    .filter((child) => child !== "")
    .map((child) => ({ pid: Number(child), command: readFileSync(`/proc/${child}/cmdline`, "utf8") }))
    .flatMap((child) => [child, ...descendants(child.pid)]);
}

function killIfRunning(pid: number): void {
  try {
    process.kill(pid, "SIGKILL");
  } catch {
    // It has ended.
  }
}

function printedUrl(child: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    let printed = "";
    const fail = (why: string) => reject(new Error(`npx pnpm@12 start ${why}; it printed:\n${printed}`));
    const timer = setTimeout(() => fail("took too long"), startTimeLimitMs);
    child.once("exit", () => fail("ended"));
    child.stdout?.setEncoding("utf8").on("data", (text: string) => {
      printed += text;
      const [, url] = /(http:\/\/[^\s/]+)\S*\s/.exec(printed) ?? [];
      if (url === undefined) return;
      clearTimeout(timer);
      resolve(url);
    });
  });
}

/** An environment in which neither npm nor pnpm finds anything from before, or this repository's programs. */
function emptyHome(home: string): NodeJS.ProcessEnv {
  const { PATH = "", TERM } = process.env;
  const path = PATH.split(delimiter).filter((folder) => !folder.includes("node_modules"));
  return {
    PATH: path.join(delimiter),
    TERM,
    HOME: home,
    XDG_CACHE_HOME: join(home, "cache"),
    XDG_DATA_HOME: join(home, "data"),
    XDG_STATE_HOME: join(home, "state"),
    XDG_CONFIG_HOME: join(home, "config"),
    PNPM_HOME: join(home, "pnpm"),
    npm_config_cache: join(home, "npm"),
    npm_config_store_dir: join(home, "store"),
  };
}

await main();
