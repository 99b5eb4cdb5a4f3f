import { definePackage, type PackageBuild } from "../../scripts/tsup.ts";

const config: PackageBuild = definePackage({
  index: "src/index.ts",
  experiments: "src/experiment/index.ts",
  "file-store": "src/store/file-store.ts",
  openfeature: "src/openfeature/open-feature-attributes.ts",
  "redis-store": "src/store/redis-store.ts",
  simulation: "src/simulation/index.ts",
  testing: "src/testing/index.ts",
});

export default config;
