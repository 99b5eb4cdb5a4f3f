import { type ChildProcess, spawn } from "node:child_process";
import { cpSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { addModel } from "@mlops/onnx-builder";
import { type Browser, chromium } from "playwright-core";
import { readPackageJson, repositoryRoot } from "../lib/repository.ts";
import { runOrThrow } from "../lib/run.ts";
import { chromiumArguments } from "../test/chromium-arguments.ts";
import { requirement } from "../test/requirement.ts";
import type { ConsumerOptions } from "./consumer.ts";
import { serveFolder } from "./static-server.ts";

/** The bundlers that are tried, as a stranger gets them today. */
const bundlers = ["vite@8", "webpack@5", "webpack-cli@7", "esbuild@0.28"];

/** What each build is asked for. */
const queries = {
  "": { device: "wasm", execution: "worker" },
  "?device=webgpu": { device: "webgpu", execution: "worker" },
  "?execution=inline": { device: "wasm", execution: "inline" },
};

/**
 * Uses the packed packages in a page: a small app (`scripts/consumer-web`) is built with Vite, webpack
 * and esbuild, without plugins and without a copied file, and opened in Chromium, where it predicts on
 * WebAssembly and on WebGPU.
 */
export async function checkBundlers({
  folder,
  tarballs,
  step,
}: Omit<ConsumerOptions, "nodes">): Promise<void> {
  const cwd = join(folder, "consumer-web");
  cpSync(join(repositoryRoot, "scripts/consumer-web"), cwd, { recursive: true });
  mkdirSync(join(cwd, "public"));
  writeFileSync(join(cwd, "public/add.onnx"), addModel());
  writeFileSync(
    join(cwd, "package.json"),
    JSON.stringify({ name: "consumer-web", private: true, type: "module" }),
  );
  await step("npm install for a page", () => install(cwd, tarballs));
  const packages = join(cwd, "node_modules");
  const program = (name: string): string => join(packages, ".bin", name);
  await step("vite build", () => runOrThrow(program("vite"), ["build"], { cwd }));
  await step("webpack", () =>
    runOrThrow(program("webpack"), ["build", "./main.js", "--mode=production", "-o", "webpack"], { cwd }),
  );
  await step("esbuild", () =>
    runOrThrow(
      program("esbuild"),
      [
        "main=./main.js",
        `web-worker=${join(packages, "@mlops/backend-onnx/dist/web-worker.js")}`,
        ...["ort-wasm-simd-threaded", "ort-wasm-simd-threaded.asyncify"].map(
          (name) => `${name}=onnxruntime-web/${name}.wasm`,
        ),
        "--bundle",
        "--splitting",
        "--format=esm",
        "--loader:.wasm=copy",
        "--outdir=esbuild",
      ],
      { cwd },
    ),
  );
  for (const built of ["webpack", "esbuild"]) {
    cpSync(join(cwd, "public"), join(cwd, built), { recursive: true });
    cpSync(join(cwd, "index.html"), join(cwd, built, "index.html"));
  }
  const found = requirement("chromium");
  if (!found.available) {
    if (process.env["CI"] === "true") throw new Error(`Chromium is missing: ${found.howToGet}.`);
    console.log(`  The pages are not opened, as Chromium is missing: ${found.howToGet}.`);
    return;
  }
  const browser = await chromium.launch({ executablePath: found.path, args: [...chromiumArguments] });
  try {
    for (const built of ["dist", "webpack", "esbuild"]) {
      for (const [query, expected] of Object.entries(queries)) {
        await step(`open ${built === "dist" ? "vite" : built}${query}`, () =>
          openBuilt(browser, join(cwd, built), query, expected),
        );
      }
    }
    await step("two threads, vite", () => checkThreads(browser, join(cwd, "dist")));
    await step("open vite's development server", () => openDevelopment(browser, program("vite"), cwd));
  } finally {
    await browser.close();
  }
}

async function install(cwd: string, tarballs: ConsumerOptions["tarballs"]): Promise<void> {
  const { devDependencies = {} } = readPackageJson(join(repositoryRoot, "packages/backend-onnx"));
  const ours = tarballs.filter(({ name }) => ["@mlops/core", "@mlops/backend-onnx"].includes(name));
  const packages = [
    ...ours.map(({ tarball }) => tarball),
    `onnxruntime-web@${devDependencies["onnxruntime-web"]}`,
    ...bundlers,
  ];
  await runOrThrow("npm", ["install", "--no-audit", "--no-fund", ...packages], { cwd });
}

interface Expected {
  readonly device: string;
  readonly execution: string;
}

async function openBuilt(
  browser: Browser,
  folder: string,
  query: string,
  expected: Expected,
): Promise<readonly string[]> {
  await using server = await serveFolder(folder);
  await open(browser, `${server.url}/${query}`, expected);
  const missing = server.requests.filter((name) => name.startsWith("404") && !name.includes("favicon"));
  if (missing.length > 0) throw new Error(`The page asked for ${missing.join(", ")}.`);
  return server.requests;
}

/** The second thread of WebAssembly loads the runtime's script once more. */
async function checkThreads(browser: Browser, folder: string): Promise<void> {
  const requests = await openBuilt(browser, folder, "?threads=2", { device: "wasm", execution: "worker" });
  const scripts = requests.filter((name) => name.endsWith(".mjs"));
  if (scripts.length !== 2)
    throw new Error(`The runtime's script was loaded ${scripts.length} times, not 2.`);
}

async function openDevelopment(browser: Browser, program: string, cwd: string): Promise<void> {
  const server = spawn(program, ["--port", "0"], { cwd, stdio: ["ignore", "pipe", "inherit"] });
  try {
    await open(browser, await printedUrl(server), queries[""]);
  } finally {
    server.kill();
  }
}

function printedUrl(server: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    let printed = "";
    server.once("exit", () => reject(new Error(`vite ended; it printed:\n${printed}`)));
    server.stdout?.setEncoding("utf8").on("data", (text: string) => {
      printed += text;
      // Vite prints in colours.
      // oxlint-disable-next-line no-control-regex
      const [url] = /http:\/\/localhost:\d+/.exec(printed.replaceAll(/\u001B\[\d+m/g, "")) ?? [];
      if (url !== undefined) resolve(url);
    });
  });
}

/** Opens a page, and throws unless it shows what is expected, without an error. */
async function open(browser: Browser, url: string, { device, execution }: Expected): Promise<void> {
  const page = await browser.newPage();
  const errors: string[] = [];
  page.on("pageerror", (error) => errors.push(error.message));
  try {
    await page.goto(url);
    await page.waitForFunction('document.body?.textContent?.includes("{")', undefined, { timeout: 60_000 });
    const shown = await page.locator("body").textContent();
    const expected = JSON.stringify({ sum: [11, 22], device, execution, warnings: [] });
    if (shown?.trim() !== expected || errors.length > 0) {
      throw new Error(`${url} shows ${shown}, and should show ${expected}. ${errors.join("\n")}`);
    }
  } finally {
    await page.close();
  }
}
