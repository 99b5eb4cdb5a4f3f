import { spawn } from "node:child_process";

/** What a program did. */
export interface RunResult {
  /** Exit code, or null when a signal or the time limit ended it. */
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
  /** Standard output and standard error as they came, mixed. */
  readonly output: string;
}

/** How a program is run. */
export interface RunOptions {
  readonly cwd: string;
  readonly env?: NodeJS.ProcessEnv;
  /** After this time the program is killed; default: 20 minutes. */
  readonly timeoutMs?: number;
}

/** Runs a program without input, to its end, and keeps what it printed. A failure is a result, not an exception. */
export function run(
  program: string,
  programArguments: readonly string[],
  options: RunOptions,
): Promise<RunResult> {
  const { cwd, env = process.env, timeoutMs = 20 * 60_000 } = options;
  return new Promise((resolve, reject) => {
    const child = spawn(program, programArguments, {
      cwd,
      env,
      stdio: ["ignore", "pipe", "pipe"],
      timeout: timeoutMs,
    });
    const printed = { stdout: "", stderr: "", output: "" };
    for (const stream of ["stdout", "stderr"] as const) {
      child[stream].setEncoding("utf8").on("data", (text: string) => {
        printed[stream] += text;
        printed.output += text;
      });
    }
    child.once("error", reject);
    child.once("close", (code) => resolve({ code, ...printed }));
  });
}

/** Like {@link run}, and throws with the program's output when it fails. */
export async function runOrThrow(
  program: string,
  programArguments: readonly string[],
  options: RunOptions,
): Promise<RunResult> {
  const result = await run(program, programArguments, options);
  if (result.code === 0) return result;
  const command = [program, ...programArguments].join(" ");
  throw new Error(`\`${command}\` ended with ${result.code ?? "a signal"}:\n${result.output}`);
}
