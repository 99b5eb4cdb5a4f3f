import { definePackage, type PackageBuild } from "../../scripts/tsup.ts";

const config: PackageBuild = definePackage({ index: "src/index.ts" });

export default config;
