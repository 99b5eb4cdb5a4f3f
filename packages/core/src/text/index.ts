// Predicting
export { textPredictor, type TextPredictorOptions } from "./text-predictor.ts";
export { defineTextModel, type TextModelDefinition } from "./text-model.ts";
export {
  type ClassificationOptions,
  classification,
  type Embedding,
  embedding,
  type EmbeddingOptions,
  type TextClassification,
  type TextLength,
  type TextReader,
} from "./text-readers.ts";

// The steps by themselves
export { createTextEncoder, type EncodedText, type TextEncoderOptions } from "./encode-text.ts";
export { type TextDType, type TextInputNames, textTensors } from "./text-tensors.ts";
export { normalize, pool, type Pooling } from "./pool.ts";
export { type Activation, type Classification, classify } from "./classify.ts";
export type { TextTokenizer, TokenizedText } from "./tokenizer.ts";
