import { accessSync, constants, existsSync, readdirSync } from "node:fs";
import { createRequire } from "node:module";
import { delimiter, dirname, join } from "node:path";
import { repositoryRoot } from "../lib/repository.ts";
import { installedBinding } from "../tfjs-node/install.ts";

export { describeWith } from "./describe-with.ts";

/** A program, library or data outside npm that some tests need. */
export type PartName =
  | "chromium"
  | "onnx-cases"
  | "onnx-testdata"
  | "postgres"
  | "redis"
  | "tfjs-node"
  | "webgpu";

/** Whether a part is on this machine, and where. */
export type Requirement =
  | { readonly name: string; readonly available: true; readonly path: string; readonly howToGet: string }
  | { readonly name: string; readonly available: false; readonly howToGet: string };

interface Part {
  /** Environment variable with the part's path; it wins over the search. */
  readonly variable: string;
  /** Well-known names, looked for on PATH in this order. */
  readonly programs: readonly string[];
  /** Where else the part may be. */
  readonly elsewhere?: () => string | undefined;
  readonly howToGet: string;
}

const parts: Readonly<Record<PartName, Part>> = {
  chromium: {
    variable: "CHROMIUM_PATH",
    programs: ["chromium", "chromium-browser", "google-chrome-stable", "google-chrome"],
    elsewhere: playwrightChromium,
    howToGet:
      "install it with `apt-get install chromium` or `npx playwright install chromium`, or set CHROMIUM_PATH",
  },
  "onnx-cases": {
    variable: "ONNX_CASES_PATH",
    programs: [],
    elsewhere: () => existing(join(repositoryRoot, "tools/onnx-conformance/.cache/onnx-cases")),
    howToGet: "make them with `pnpm onnx:cases`, which needs python3 and its venv module",
  },
  "onnx-testdata": {
    variable: "ONNX_TESTDATA_PATH",
    programs: [],
    elsewhere: () => existing("/usr/share/libonnx-testdata/data/node"),
    howToGet:
      "install it with `apt-get install libonnx-testdata`, or set ONNX_TESTDATA_PATH to its `node` folder",
  },
  postgres: {
    variable: "POSTGRES_PATH",
    programs: ["postgres"],
    elsewhere: debianPostgres,
    howToGet: "install it with `apt-get install postgresql`, or set POSTGRES_PATH to the server `postgres`",
  },
  redis: {
    variable: "REDIS_SERVER_PATH",
    programs: ["redis-server", "valkey-server"],
    howToGet: "install it with `apt-get install redis-server`, or set REDIS_SERVER_PATH",
  },
  webgpu: {
    variable: "VK_DRIVER_FILES",
    programs: [],
    elsewhere: softwareVulkan,
    howToGet:
      "install Chromium's software driver with `apt-get install chromium libvulkan1`, or set VK_DRIVER_FILES to the JSON file of a Vulkan driver",
  },
  "tfjs-node": {
    variable: "TFJS_NODE_BINDING",
    programs: [],
    elsewhere: installedBinding,
    howToGet: "build the native part of @tensorflow/tfjs-node with `npx pnpm@12 tfjs-node`",
  },
};

/**
 * Finds a part: by its environment variable, else by its names on PATH, else
 * where its own installer puts it.
 *
 * @throws Error when the environment variable names a file that is not there:
 * a wrong setting must not turn into a skip.
 */
export function requirement(name: PartName, environment: NodeJS.ProcessEnv = process.env): Requirement {
  const part = parts[name];
  const { howToGet } = part;
  const named = environment[part.variable];
  if (named && !existsSync(named))
    throw new Error(`${part.variable} is set to ${named}, which does not exist.`);
  const path = named || findOnPath(part.programs, environment) || part.elsewhere?.();
  return path ? { name, available: true, path, howToGet } : { name, available: false, howToGet };
}

function findOnPath(programs: readonly string[], environment: NodeJS.ProcessEnv): string | undefined {
  const folders = (environment["PATH"] ?? "").split(delimiter).filter((folder) => folder !== "");
  return programs.flatMap((program) => folders.map((folder) => join(folder, program))).find(isExecutable);
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** The browser of `npx playwright install chromium`, if it is there. */
function playwrightChromium(): string | undefined {
  const playwright = createRequire(import.meta.url)("playwright-core") as {
    chromium: { executablePath(): string };
  };
  const path = playwright.chromium.executablePath();
  return path && existsSync(path) ? path : undefined;
}

/** The driver that comes with Chromium and computes on the CPU. */
function softwareVulkan(): string | undefined {
  const chromium = requirement("chromium");
  const folders = chromium.available ? [dirname(chromium.path), "/usr/lib/chromium"] : ["/usr/lib/chromium"];
  return folders.map((folder) => existing(join(folder, "vk_swiftshader_icd.json"))).find(Boolean);
}

function existing(path: string): string | undefined {
  return existsSync(path) ? path : undefined;
}

/** The newest server where Debian puts it, beside its `initdb` and not on PATH. */
function debianPostgres(): string | undefined {
  const folder = "/usr/lib/postgresql";
  if (!existsSync(folder)) return undefined;
  const versions = readdirSync(folder).sort((a, b) => Number(b) - Number(a));
  return versions.map((version) => join(folder, version, "bin", "postgres")).find(isExecutable);
}
