import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { chownSync, mkdtempSync, realpathSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

/**
 * A PostgreSQL server of its own, in a temporary folder, which it is reached by. It refuses to run as
 * root, and is then run as `nobody`.
 */
export class PostgresServer {
  /** Where its socket is: what a client takes as `host`. */
  readonly folder: string = mkdtempSync(join(tmpdir(), "rollout-pg-"));
  readonly #program: string;
  readonly #user: { readonly uid: number; readonly gid: number } | undefined;
  #process: ChildProcess | undefined;

  constructor(program: string) {
    this.#program = realpathSync(program);
    if (process.getuid?.() === 0) {
      const idOf = (flag: string): number =>
        Number(execFileSync("id", [flag, "nobody"], { encoding: "utf8" }));
      this.#user = { uid: idOf("-u"), gid: idOf("-g") };
      chownSync(this.folder, this.#user.uid, this.#user.gid);
    }
    const words = [
      "-D",
      this.#data,
      "-U",
      "postgres",
      "--auth",
      "trust",
      "--encoding",
      "UTF8",
      "--no-locale",
      "-N",
    ];
    const options = { ...this.#user, cwd: this.folder, stdio: "pipe" as const };
    execFileSync(join(dirname(this.#program), "initdb"), words, options);
  }

  get #data(): string {
    return join(this.folder, "data");
  }

  /** Starts it, and waits until it takes connections. */
  async start(): Promise<void> {
    const words = [
      "-D",
      this.#data,
      "-k",
      this.folder,
      "-c",
      "listen_addresses=",
      "-c",
      "shared_buffers=16MB",
    ];
    const server = spawn(this.#program, words, {
      ...this.#user,
      cwd: this.folder,
      stdio: ["ignore", "ignore", "pipe"],
    });
    this.#process = server;
    let told = "";
    for await (const chunk of server.stderr) {
      told += String(chunk);
      if (/ready to accept connections/.test(told)) {
        server.stderr.resume();
        return;
      }
    }
    throw new Error(`PostgreSQL did not start:\n${told}`);
  }

  /** Stops it at once: nothing is written any more, and the next start recovers what was committed. */
  async crash(): Promise<void> {
    const server = this.#process;
    if (server === undefined || server.exitCode !== null) return;
    server.kill("SIGQUIT");
    await once(server, "exit");
  }

  async remove(): Promise<void> {
    await this.crash();
    rmSync(this.folder, { recursive: true, force: true });
  }
}
