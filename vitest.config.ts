import {
  configDefaults,
  defineConfig,
  type TestProjectInlineConfiguration,
  type ViteUserConfigFnObject,
} from "vitest/config";
import { browserProject, browserTests } from "./scripts/test/browser-project.ts";
import { ClosingLineReporter } from "./scripts/test/closing-line-reporter.ts";

const folders = "{packages,examples,tools,benchmarks,scripts,docs}";
const slowTests = "**/*.slow.test.ts";

/** Packages resolve to their TypeScript sources, so nothing needs a build to be tested; the rest is Vite's default. */
const conditions = ["@mlops/source", "module", "node", "development|production"];

/**
 * `vitest run` is everything but the slow tests; `vitest run --mode slow` is the slow tests alone.
 * Tests named `*.browser.test.ts` run in Chromium, the others in Node.
 */
const config: ViteUserConfigFnObject = defineConfig(({ mode }) => {
  const slow = mode === "slow";
  const exclude = [...configDefaults.exclude, "**/.cache/**"];
  const node: TestProjectInlineConfiguration = {
    resolve: { conditions },
    ssr: { resolve: { conditions } },
    test: {
      name: "node",
      include: [slow ? `${folders}/${slowTests}` : `${folders}/**/*.test.ts`],
      exclude: [...exclude, browserTests, ...(slow ? [] : [slowTests])],
      // Worker threads that a test starts inherit the condition from their process.
      execArgv: ["--conditions=@mlops/source"],
      testTimeout: slow ? 600_000 : 30_000,
      hookTimeout: 60_000,
      retry: 0,
      typecheck: {
        enabled: !slow,
        checker: "tsc",
        tsconfig: "tsconfig.json",
        include: [`${folders}/**/*.test-d.ts`],
        // `pnpm typecheck` reports the sources; here only the type tests count.
        ignoreSourceErrors: true,
      },
    },
  };
  const browser = browserProject({ include: [`${folders}/${browserTests}`], exclude });
  return {
    test: {
      projects: slow ? [node] : [node, browser],
      passWithNoTests: slow,
      reporters: ["default", new ClosingLineReporter()],
    },
  };
});

export default config;
