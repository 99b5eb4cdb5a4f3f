import { definePackage, type PackageBuild } from "../../scripts/tsup.ts";

const config: PackageBuild = definePackage({
  index: "src/index.ts",
<<<<<<< HEAD
  multivariate: "src/multivariate/index.ts",
  parity: "src/parity/index.ts",
  detectors: "src/detectors/index.ts",
  quality: "src/quality/index.ts",
  testing: "src/testing/index.ts",
  report: "src/report/index.ts",
=======
  validation: "src/validation/index.ts",
>>>>>>> 85d25f9a5a8ab031926218a02cd6ade584ad59aa
});

export default config;
