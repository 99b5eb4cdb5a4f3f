import { hostBackend } from "../worker/index.ts";
import { type ChaosWorkerConfig, chaosSession } from "./chaos-backend.fixtures.ts";

// The worker of chaosBackend().

hostBackend((config: ChaosWorkerConfig) => ({
  specificationVersion: "v1",
  name: "chaos",
  load: async () => chaosSession(config),
}));
