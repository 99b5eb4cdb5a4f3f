import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { playwright } from "@vitest/browser-playwright";
import type { Plugin, TestProjectInlineConfiguration } from "vitest/config";
import { browserCommands } from "./browser-commands.ts";
import { chromiumArguments, isolationHeaders } from "./chromium-arguments.ts";
import { readmePages } from "./readme-pages.ts";
import { requirement } from "./requirement.ts";

/** Names of tests that run in a browser. */
export const browserTests = "**/*.browser.test.ts";

/** Which files are browser tests, and how their imports resolve. */
export interface BrowserProjectOptions {
  readonly include: readonly string[];
  readonly exclude: readonly string[];
}

/**
 * The Vitest project of the tests that run in Chromium, one file after the other, on a page that is
 * cross-origin isolated. Where there is no Chromium each file is one skipped test, whose reason says
 * how to get it; with `CI=true` it is a failed one.
 */
export function browserProject({ include, exclude }: BrowserProjectOptions): TestProjectInlineConfiguration {
  const chromium = requirement("chromium");
  const shared = { name: "chromium", include: [...include], exclude: [...exclude], retry: 0 };
  if (!chromium.available) return { plugins: [missingBrowser()], test: shared };
  return {
    resolve: { conditions: ["@mlops/source", "browser", "module", "development|production"] },
    plugins: [sourceWorkers(), readmePages()],
    server: { headers: isolationHeaders },
    // A dependency that is found only when a test imports it would reload the page in the middle of it.
    optimizeDeps: {
      include: [
        "@mlops/core > zod",
        "@mlops/onnx-builder > protobufjs/minimal.js",
        "@mlops/onnx-conformance > protobufjs",
        ...tensorFlowPackages,
      ],
    },
    test: {
      ...shared,
      // A missing part fails there as in Node.
      env: { CI: process.env["CI"] ?? "" },
      testTimeout: 120_000,
      hookTimeout: 60_000,
      // Most of them share one device or all cores.
      fileParallelism: false,
      browser: {
        enabled: true,
        headless: true,
        screenshotFailures: false,
        commands: browserCommands,
        provider: playwright({
          launchOptions: { executablePath: chromium.path, args: [...chromiumArguments] },
        }),
        instances: [{ browser: "chromium", name: "chromium" }],
      },
    },
  };
}

const tensorFlowPackages = [
  "core",
  "converter",
  "layers",
  "backend-cpu",
  "backend-wasm",
  "backend-webgl",
  "backend-webgpu",
].map((name) => `@mlops/backend-tfjs > @tensorflow/tfjs-${name}`);

/** Puts one test that needs Chromium in the place of what each browser test says. */
function missingBrowser(): Plugin {
  const requirementModule = fileURLToPath(new URL("requirement.ts", import.meta.url));
  return {
    name: "missing-browser",
    enforce: "pre",
    load: (id) =>
      id.endsWith(".browser.test.ts")
        ? `import { test } from "vitest";
           import { describeWith, requirement } from ${JSON.stringify(requirementModule)};
           describeWith(requirement("chromium"), "in Chromium", () => test("all tests of this file", () => {}));`
        : undefined,
  };
}

/** Lets sources name a worker as their build does: `./x.js` is `./x.ts` where that is what there is. */
function sourceWorkers(): Plugin {
  return {
    name: "source-workers",
    enforce: "pre",
    transform(code, id) {
      if (!id.endsWith(".ts")) return undefined;
      return code.replaceAll(/new URL\("(\.\/[\w-]+)\.js", import\.meta\.url\)/g, (whole, name: string) =>
        existsSync(join(dirname(id), `${name}.ts`)) ? `new URL("${name}.ts", import.meta.url)` : whole,
      );
    },
  };
}
