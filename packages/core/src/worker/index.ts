// For a backend's worker entry
export { hostBackend } from "./host.ts";

// For who starts one
export {
  type RunningWorker,
  startWorker,
  type StartWorkerOptions,
  type StopOptions,
} from "./start-worker.ts";
export type { ThreadResourceLimits } from "./thread-channel.ts";
export type { StopOutcome } from "./worker-client.ts";
