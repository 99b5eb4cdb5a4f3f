import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

import type { Progress } from "../lib/progress.ts";

/** A Python that has what the peers need. */
export interface Python {
  readonly available: true;
  readonly executable: string;
  /** Such as `Python 3.11.7, Flask 3.1.3, onnxruntime 1.30.0`. */
  readonly description: string;
}

/** Why there is none. */
export interface NoPython {
  readonly available: false;
  readonly reason: string;
}

/** Options of {@link findPython}. */
export interface FindPythonOptions {
  /** Whether a virtual environment may be made with pip. */
  readonly install: boolean;
  readonly progress: Progress;
}

const execute = promisify(execFile);

const environmentFolder = fileURLToPath(new URL("../.cache/python/", import.meta.url));
const environmentPython = `${environmentFolder}bin/python`;
const requirements = fileURLToPath(new URL("./requirements.txt", import.meta.url));

const probe = `
import platform, flask, onnxruntime, numpy
from importlib.metadata import version
names = ("Flask", "Werkzeug", "onnxruntime", "numpy")
print(", ".join([f"Python {platform.python_version()}", *(f"{name} {version(name)}" for name in names)]))
`;

/**
 * Finds a Python with Flask and onnxruntime: the one that the variable `PYTHON` names, else the
 * virtual environment of an earlier run, else `python3`; and else it makes a virtual environment
 * of the pinned versions in `benchmarks/.cache`.
 *
 * @throws Error when `PYTHON` names one that has not what is needed: a wrong setting must not turn
 *   into a skip.
 */
export async function findPython({ install, progress }: FindPythonOptions): Promise<Python | NoPython> {
  const named = process.env["PYTHON"];
  if (named) {
    const python = await tryPython(named);
    if (python !== undefined) return python;
    throw new Error(`PYTHON is ${named}, which does not run or lacks Flask or onnxruntime.`);
  }
  for (const executable of [environmentPython, "python3"]) {
    const python = await tryPython(executable);
    if (python !== undefined) return python;
  }
  if (!install) {
    return {
      available: false,
      reason: "python3 is missing, or has no Flask and onnxruntime; `pnpm bench` installs them",
    };
  }
  progress("installing Flask and onnxruntime into benchmarks/.cache …");
  try {
    await execute("python3", ["-m", "venv", environmentFolder]);
    const pip = ["-m", "pip", "install", "--quiet", "--no-input", "--disable-pip-version-check"];
    await execute(environmentPython, [...pip, "-r", requirements], { timeout: 10 * 60_000 });
  } catch (error) {
    return { available: false, reason: `Flask and onnxruntime cannot be installed: ${lastLine(error)}` };
  }
  const python = await tryPython(environmentPython);
  return (
    python ?? { available: false, reason: "Flask and onnxruntime do not run, though they were installed" }
  );
}

async function tryPython(executable: string): Promise<Python | undefined> {
  try {
    const { stdout } = await execute(executable, ["-c", probe], { timeout: 60_000 });
    return { available: true, executable, description: stdout.trim() };
  } catch {
    return undefined;
  }
}

function lastLine(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  return text.trim().split("\n").at(-1) ?? text;
}
