import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { readPackageJson } from "../lib/repository.ts";
import { run, runOrThrow } from "../lib/run.ts";
import { commandLines, findKnownCommand } from "./commands.ts";
import { compareOutput, type Comparison } from "./expected-output.ts";
import type { Plan, Step } from "./plan.ts";
import { programEnvironment, startServer, type DocumentedServer } from "./server.ts";
import { programFolder, programName } from "./workspace.ts";

const sourceCondition = "--conditions=@mlops/source";

/** Executes the steps of one document, in their order. */
export class DocumentExecution {
  readonly #root: string;
  readonly #folder: string;
  #server: DocumentedServer | undefined;

  /** @param cache - where `writePrograms` has written the programs. */
  constructor(root: string, cache: string, plan: Plan) {
    this.#root = root;
    this.#folder = programFolder(cache, plan);
  }

  /** Executes a step and compares what it prints. */
  async execute(step: Step): Promise<Comparison> {
    switch (step.kind) {
      case "program":
        return this.#runProgram(step);
      case "server":
        return this.#start(step, `node ${sourceCondition} ${programName(step)}`, this.#folder);
      case "commands":
        return this.#runCommands(step);
    }
  }

  /** Ends the server that was started last, and says what was wrong with it. */
  async close(): Promise<string | undefined> {
    const server = this.#server;
    if (!server) return undefined;
    this.#server = undefined;
    const code = await server.stop();
    if (server.printedErrors() !== "")
      return `The server wrote to standard error:\n${server.printedErrors()}`;
    // A program of a few lines may leave SIGTERM to Node; `scripts/start.test.ts` expects more of the example.
    return code === 0 || code === null ? undefined : `After SIGTERM the server ended with ${code}.`;
  }

  async #runProgram(step: Step): Promise<Comparison> {
    const result = await run(process.execPath, [sourceCondition, programName(step)], {
      cwd: this.#folder,
      env: programEnvironment(),
      timeoutMs: 120_000,
    });
    if (result.code !== 0) return failure(`ends with ${result.code ?? "a signal"}:\n${result.output}`);
    if (result.stderr !== "") return failure(`writes to standard error:\n${result.stderr}`);
    return compareOutput(step, result.stdout);
  }

  async #start(step: Step, commandLine: string, folder: string): Promise<Comparison> {
    const problem = await this.close();
    if (problem !== undefined) return failure(problem);
    const server = await startServer(commandLine, folder);
    this.#server = server;
    // Only its text is waited for; a server that prints nothing is not.
    const deadline = Date.now() + 10_000;
    let comparison = compareOutput(step, server.printed());
    while (comparison.difference !== undefined && Date.now() < deadline) {
      await delay(50);
      comparison = compareOutput(step, server.printed());
    }
    return step.outputs.length > 0 || step.kind === "server" ? comparison : { edits: [] };
  }

  async #runCommands(step: Step): Promise<Comparison> {
    const lines = step.blocks.flatMap((block) => commandLines(block.text));
    let printed = "";
    for (const [index, line] of lines.entries()) {
      const known = findKnownCommand(line);
      if (!known) return failure(`\`${line}\` is not in the table of scripts/docs/commands.ts.`);
      if (known.by === "start") {
        if (index < lines.length - 1)
          return failure(`\`${line}\` does not end: it has to be the last of its block.`);
        return this.#start(step, this.#script(known.script), this.#root);
      }
      if (known.by === "script") this.#script(known.script);
      else if (known.by === "elsewhere") this.#requireText(line, known.file, known.text);
      else printed += await this.#runLine(line);
    }
    return compareOutput(step, printed);
  }

  /** The command line of a script of the root's package.json. */
  #script(name: string): string {
    const script = readPackageJson(this.#root).scripts?.[name];
    if (script === undefined) throw new Error(`package.json has no script "${name}".`);
    return script;
  }

  #requireText(line: string, file: string, text: string): void {
    const path = join(this.#root, file);
    if (existsSync(path) && readFileSync(path, "utf8").includes(text)) return;
    throw new Error(`\`${line}\` should be executed by ${file}, which does not contain \`${text}\`.`);
  }

  async #runLine(line: string): Promise<string> {
    if (/localhost|127\.0\.0\.1/.test(line) && !this.#server)
      throw new Error(`\`${line}\` has no server above it.`);
    const command = this.#server?.withRealPort(line) ?? line;
    const options = { cwd: this.#folder, env: programEnvironment(), timeoutMs: 60_000 };
    return (await runOrThrow("sh", ["-c", command], options)).stdout;
  }
}

function failure(difference: string): Comparison {
  return { difference, edits: [] };
}
