import { configDefaults, defineConfig, type ViteUserConfigFnObject } from "vitest/config";
import { ClosingLineReporter } from "./scripts/test/closing-line-reporter.ts";

const folders = "{packages,examples,tools,benchmarks,scripts,docs}";
const slowTests = "**/*.slow.test.ts";

/** Packages resolve to their TypeScript sources, so nothing needs a build to be tested; the rest is Vite's default. */
const conditions = ["@mlops/source", "module", "node", "development|production"];

/** `vitest run` is everything but the slow tests; `vitest run --mode slow` is the slow tests alone. */
const config: ViteUserConfigFnObject = defineConfig(({ mode }) => {
  const slow = mode === "slow";
  return {
    resolve: { conditions },
    ssr: { resolve: { conditions } },
    test: {
      include: [slow ? `${folders}/${slowTests}` : `${folders}/**/*.test.ts`],
      exclude: [...configDefaults.exclude, "**/.cache/**", ...(slow ? [] : [slowTests])],
      passWithNoTests: slow,
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
      reporters: ["default", new ClosingLineReporter()],
    },
  };
});

export default config;
