import { definePackage, type PackageBuild } from "../../scripts/tsup.ts";

const config: PackageBuild = definePackage(
  { index: "src/index.ts", transformers: "src/transformers/index.ts" },
  { worker: "src/worker.ts" },
);

export default config;
