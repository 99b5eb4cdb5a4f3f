import { describe, test } from "vitest";

import { conformanceModels } from "./conformance/conformance-models.ts";
import { describeBackend } from "./describe-backend.ts";
import { fakeArtifact } from "./fake-artifact.ts";
import { fakeBackend } from "./fake-backend.ts";
import { hostileProxy } from "./hostile-proxy.ts";
import { noopWrapper } from "./noop-wrapper.ts";

const backend = fakeBackend({ models: conformanceModels });

describeBackend("fakeBackend", { backend, models: fakeArtifact }, { describe, test });
describeBackend(
  "fakeBackend, through noopWrapper",
  { backend: noopWrapper(backend), models: fakeArtifact },
  { describe, test },
);
describeBackend(
  "fakeBackend, through hostileProxy",
  { backend: hostileProxy(backend), models: fakeArtifact },
  { describe, test },
);
