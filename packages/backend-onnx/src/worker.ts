import { hostBackend } from "@mlops/core/worker";

import { onnx } from "./backend.ts";
import type { OnnxConfig } from "./config.ts";

// The entry of a worker: what `onnx({ … }).worker` names.
hostBackend((config: OnnxConfig) => onnx(config));
