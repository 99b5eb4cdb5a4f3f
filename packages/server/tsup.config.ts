import { definePackage, type PackageBuild } from "../../scripts/tsup.ts";

const config: PackageBuild = definePackage({ index: "src/index.ts", fastify: "src/fastify.ts" });

export default config;
