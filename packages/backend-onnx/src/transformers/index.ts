export {
  type DecodingPredictorOptions,
  type TransformersHealth,
  transformersPredictor,
  type TransformersPredictor,
  type TransformersPredictorOptions,
} from "./transformers-predictor.ts";
export type { TransformersPipeline } from "./pipeline.ts";
