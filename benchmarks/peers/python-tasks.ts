import { spawn } from "node:child_process";
import { createInterface } from "node:readline";

/** What a task came to. */
interface TaskResult {
  /** Processor time. */
  readonly seconds: number;
  readonly result: number;
}

/** A Python program that does one task at a time, as it is asked to on its standard input. */
export interface PythonTasks {
  run(task: string): Promise<TaskResult>;
  close(): void;
}

/** Starts a program of this folder, and waits until it is ready. */
export async function startPythonTasks(
  executable: string,
  script: string,
  args: readonly string[],
): Promise<PythonTasks> {
  const file = new URL(script, import.meta.url).pathname;
  const child = spawn(executable, ["-W", "ignore", file, ...args], { stdio: ["pipe", "pipe", "inherit"] });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const next = async (): Promise<unknown> => {
    const { value, done } = await lines.next();
    if (done === true) throw new Error(`${script} has ended before it answered.`);
    return JSON.parse(value);
  };
  await next();
  return {
    async run(task) {
      child.stdin.write(`${task}\n`);
      // The script writes these fields, and nothing else.
      return (await next()) as TaskResult;
    },
    close: () => child.stdin.end(),
  };
}
