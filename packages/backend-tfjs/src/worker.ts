import { hostBackend } from "@mlops/core/worker";

import { tfjs } from "./backend.ts";
import type { TfjsConfig } from "./config.ts";

// The entry of a worker: what `tfjs({ … }).worker` names.
hostBackend((config: TfjsConfig) => tfjs(config));
