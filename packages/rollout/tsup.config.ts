import { definePackage, type PackageBuild } from "../../scripts/tsup.ts";

const config: PackageBuild = definePackage({
  index: "src/index.ts",
  "file-store": "src/store/file-store.ts",
  "postgres-store": "src/store/postgres-store.ts",
  testing: "src/testing/index.ts",
});

export default config;
