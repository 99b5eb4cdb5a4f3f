import { definePackage, type PackageBuild } from "../../scripts/tsup.ts";

const config: PackageBuild = definePackage({
  index: "src/index.ts",
  metrics: "src/metrics/index.ts",
  text: "src/text/index.ts",
  testing: "src/testing/index.ts",
  worker: "src/worker/index.ts",
});

export default config;
