import { definePackage, type PackageBuild } from "../../scripts/tsup.ts";

const config: PackageBuild = definePackage(
  { index: "src/index.ts", browser: "src/browser.ts" },
  { worker: "src/worker.ts", "web-worker": "src/web/web-worker.ts" },
);

export default config;
