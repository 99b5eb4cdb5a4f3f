import { definePackage, type PackageBuild } from "../../scripts/tsup.ts";

const config: PackageBuild = definePackage(["src/index.ts", "src/fastify.ts"]);

export default config;
