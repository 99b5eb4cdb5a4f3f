import { definePackage, type PackageBuild } from "../../scripts/tsup.ts";

const config: PackageBuild = definePackage({
  index: "src/index.ts",
  audit: "src/audit/export-audit.ts",
  "error-budget": "src/budget/error-budget.ts",
  experiments: "src/experiment/index.ts",
  "file-store": "src/store/file-store.ts",
  openfeature: "src/openfeature/open-feature-attributes.ts",
  "postgres-store": "src/store/postgres-store.ts",
  "redis-store": "src/store/redis-store.ts",
  retrospect: "src/retrospect/retrospect.ts",
  simulation: "src/simulation/index.ts",
  testing: "src/testing/index.ts",
  timeline: "src/timeline/timeline.ts",
});

export default config;
