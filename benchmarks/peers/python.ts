import { execFile } from "node:child_process";
import { join } from "node:path";
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

/** What a Python has to have. */
export interface PythonNeeds {
  /** The packages in words: `Flask and onnxruntime`. */
  readonly title: string;
  /** The benchmark that installs them. */
  readonly script: string;
  /** The folder of their virtual environment in `benchmarks/.cache`. */
  readonly folder: string;
  /** The pinned versions, a file beside this one. */
  readonly requirements: string;
  /** Modules that have to import. */
  readonly imports: readonly string[];
  /** Distributions whose versions are told. */
  readonly distributions: readonly string[];
}

/** What the Flask server of the paper runs on. */
export const servingPeers: PythonNeeds = {
  title: "Flask and onnxruntime",
  script: "bench",
  folder: "python",
  requirements: "requirements.txt",
  imports: ["flask", "onnxruntime", "numpy"],
  distributions: ["Flask", "Werkzeug", "onnxruntime", "numpy"],
};

/** What drift is measured beside. */
export const driftPeers: PythonNeeds = {
  title: "SciPy and Evidently",
  script: "bench:drift-peers",
  folder: "python-drift",
  requirements: "drift-requirements.txt",
  imports: ["scipy.stats", "evidently", "pandas"],
  distributions: ["scipy", "evidently", "numpy", "pandas"],
};

/** Options of {@link findPython}. */
export interface FindPythonOptions {
  readonly needs: PythonNeeds;
  /** Whether a virtual environment may be made with pip. */
  readonly install: boolean;
  readonly progress: Progress;
}

const execute = promisify(execFile);

const cacheFolder = fileURLToPath(new URL("../.cache/", import.meta.url));

/**
 * Finds a Python with what is needed: the one that the variable `PYTHON` names, else the virtual
 * environment of an earlier run, else `python3`; and else it makes a virtual environment of the
 * pinned versions in `benchmarks/.cache`.
 *
 * @throws Error when `PYTHON` names one that has not what is needed: a wrong setting must not turn
 *   into a skip.
 */
export async function findPython(options: FindPythonOptions): Promise<Python | NoPython> {
  const { needs, install, progress } = options;
  const { title, script } = needs;
  const named = process.env["PYTHON"];
  if (named) {
    const python = await tryPython(named, needs);
    if (python !== undefined) return python;
    throw new Error(`PYTHON is ${named}, which does not run or lacks ${title}.`);
  }
  const environmentFolder = join(cacheFolder, needs.folder);
  const environmentPython = join(environmentFolder, "bin", "python");
  for (const executable of [environmentPython, "python3"]) {
    const python = await tryPython(executable, needs);
    if (python !== undefined) return python;
  }
  if (!install) {
    const reason = `python3 is missing, or has no ${title}; \`pnpm ${script}\` installs them`;
    return { available: false, reason };
  }
  progress(`installing ${title} into benchmarks/.cache …`);
  try {
    await execute("python3", ["-m", "venv", environmentFolder]);
    const requirements = fileURLToPath(new URL(needs.requirements, import.meta.url));
    const pip = ["-m", "pip", "install", "--quiet", "--no-input", "--disable-pip-version-check"];
    await execute(environmentPython, [...pip, "-r", requirements], { timeout: 10 * 60_000 });
  } catch (error) {
    return { available: false, reason: `${title} cannot be installed: ${lastLine(error)}` };
  }
  const python = await tryPython(environmentPython, needs);
  return python ?? { available: false, reason: `${title} do not run, though they were installed` };
}

async function tryPython(executable: string, needs: PythonNeeds): Promise<Python | undefined> {
  try {
    const { stdout } = await execute(executable, ["-c", probe(needs)], { timeout: 60_000 });
    return { available: true, executable, description: stdout.trim() };
  } catch {
    return undefined;
  }
}

function probe({ imports, distributions }: PythonNeeds): string {
  return `
import platform, ${imports.join(", ")}
from importlib.metadata import version
names = ${JSON.stringify(distributions)}
print(", ".join([f"Python {platform.python_version()}", *(f"{name} {version(name)}" for name in names)]))
`;
}

function lastLine(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  return text.trim().split("\n").at(-1) ?? text;
}
