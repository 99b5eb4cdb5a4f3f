import { spawn } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { pathToFileURL } from "node:url";
import { repositoryRoot } from "../lib/repository.ts";

/** A program of the documentation that listens, on another port than it says. */
export interface DocumentedServer {
  /** A command of the documentation, with the port that the server really has. */
  withRealPort(command: string): string;
  /** What it has printed so far, with the port that the documentation shows. */
  printed(): string;
  /** What it has written to standard error so far. */
  printedErrors(): string;
  /** Asks it to end with SIGTERM. Returns its exit code, or null when a signal ended it. */
  stop(): Promise<number | null>;
}

/** Starts a shell command line and waits until it listens. */
export async function startServer(commandLine: string, cwd: string): Promise<DocumentedServer> {
  const temporary = mkdtempSync(join(tmpdir(), "documented-server-"));
  const portFile = join(temporary, "port.json");
  const preload = pathToFileURL(join(import.meta.dirname, "free-port.mjs")).href;
  const child = spawn("sh", ["-c", `exec ${commandLine}`], {
    cwd,
    stdio: ["ignore", "pipe", "pipe"],
    env: {
      ...programEnvironment(),
      NODE_OPTIONS: `--import=${preload}`,
      DOCS_PORT_FILE: portFile,
      PATH: [join(repositoryRoot, "node_modules/.bin"), process.env["PATH"]].join(delimiter),
    },
  });
  const printed = { stdout: "", stderr: "" };
  child.stdout.setEncoding("utf8").on("data", (text: string) => (printed.stdout += text));
  child.stderr.setEncoding("utf8").on("data", (text: string) => (printed.stderr += text));
  const closed = new Promise<number | null>((resolve) => child.once("close", resolve));

  const stop = async () => {
    child.kill("SIGTERM");
    const killer = setTimeout(() => child.kill("SIGKILL"), 20_000);
    const code = await closed;
    clearTimeout(killer);
    rmSync(temporary, { recursive: true, force: true });
    return code;
  };

  const deadline = Date.now() + 120_000;
  while (!existsSync(portFile)) {
    if (child.exitCode !== null || Date.now() > deadline) {
      await stop();
      throw new Error(`\`${commandLine}\` does not listen; it printed:\n${printed.stdout}${printed.stderr}`);
    }
    await delay(20);
  }
  const { requested, actual } = JSON.parse(readFileSync(portFile, "utf8")) as {
    requested: number;
    actual: number;
  };
  return {
    withRealPort: (command) => command.replaceAll(`:${requested}`, `:${actual}`),
    printed: () => printed.stdout.replaceAll(`:${actual}`, `:${requested}`),
    printedErrors: () => printed.stderr,
    stop,
  };
}

/** The environment of the documentation's programs: Vitest's own settings stay out of it. */
export function programEnvironment(): NodeJS.ProcessEnv {
  const { NODE_OPTIONS: _options, VITEST: _vitest, NODE_ENV: _environment, ...rest } = process.env;
  return { ...rest, NO_COLOR: "1" };
}
