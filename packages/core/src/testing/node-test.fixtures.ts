import { describe, test } from "node:test";

import { conformanceModels } from "./conformance/conformance-models.ts";
import { describeBackend } from "./describe-backend.ts";
import { fakeArtifact } from "./fake-artifact.ts";
import { fakeBackend } from "./fake-backend.ts";

// Run by describe-backend.test.ts as a program, with the name of a backend in BACKEND.

const broken = {
  ...conformanceModels,
  "identity-float32": {
    ...conformanceModels["identity-float32"],
    compute: () => {
      throw new Error("an input changed");
    },
  },
};
const models = process.env["BACKEND"] === "broken" ? broken : conformanceModels;
describeBackend(
  "fake",
  {
    backend: fakeBackend({ models }),
    models: fakeArtifact,
    skip: [{ test: "run: takes a scalar", reason: "to see it skipped" }],
  },
  { describe, test },
);
