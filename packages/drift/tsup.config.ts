import { definePackage, type PackageBuild } from "../../scripts/tsup.ts";

const config: PackageBuild = definePackage({
  index: "src/index.ts",
  multivariate: "src/multivariate/index.ts",
  parity: "src/parity/index.ts",
  detectors: "src/detectors/index.ts",
  quality: "src/quality/index.ts",
  testing: "src/testing/index.ts",
  report: "src/report/index.ts",
  validation: "src/validation/index.ts",
});

export default config;
