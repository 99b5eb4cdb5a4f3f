export {
  createInferenceServer,
  type InferenceServer,
  type InferenceServerOptions,
  type InferenceServerRequest,
  type InferenceServerResponse,
} from "./inference-server.ts";
export { type HttpError, type ProtocolErrorCode, toHttpError } from "./http-error.ts";
export type { ServedPredictor } from "./predictor-index.ts";
