import { definePackage, type PackageBuild } from "../../scripts/tsup.ts";

const config: PackageBuild = definePackage({
  index: "src/index.ts",
  audit: "src/audit/export-audit.ts",
  "error-budget": "src/budget/error-budget.ts",
  "file-store": "src/store/file-store.ts",
  "postgres-store": "src/store/postgres-store.ts",
  retrospect: "src/retrospect/retrospect.ts",
  testing: "src/testing/index.ts",
  timeline: "src/timeline/timeline.ts",
});

export default config;
