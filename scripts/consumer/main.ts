// A stranger's first program. `scripts/packages/consumer.ts` compiles it against the packed packages and runs it.
import { onnx } from "@mlops/backend-onnx";
import { tfjs } from "@mlops/backend-tfjs";
import { createPredictor, defineModel, InvalidInputError, tensor } from "@mlops/core";
import { profile } from "@mlops/drift";
import { Router } from "@mlops/rollout";
import { createInferenceServer } from "@mlops/server";
import { ksTwoSample } from "@mlops/stats";
import { z } from "zod";

const pair = z.tuple([z.number(), z.number()]);

const model = defineModel({
  name: "add",
  version: "1.0.0",
  artifact: new URL("../add.onnx", import.meta.url),
  input: z.object({ a: pair, b: pair }),
  encode: ({ a, b }) => ({ a: tensor("float32", a, [1, 2]), b: tensor("float32", b, [1, 2]) }),
  decode: ({ sum }) => (sum?.dtype === "float32" ? [...sum.data] : []),
});

const predictor = await createPredictor({ model, backend: onnx() });

const sum: number[] = await predictor.predict({ a: [1, 2], b: [10, 20] });
console.log("sum", sum);

for (const execution of ["worker", "process"] as const) {
  const elsewhere = await createPredictor({ model, backend: onnx(), execution });
  console.log(elsewhere.info.execution, await elsewhere.predict({ a: [1, 2], b: [10, 20] }));
  await elsewhere.close();
}

// @ts-expect-error - the input's type comes from the schema
const refused: unknown = await predictor.predict({ a: [1, 2] }).catch((error: unknown) => error);
console.log("refused", refused instanceof InvalidInputError && refused.code);

const server = createInferenceServer({ predictors: [predictor] });
const row = (name: string, data: number[]) => ({ name, datatype: "FP32", shape: [1, 2], data });
const response = await server.handle(
  new Request("http://localhost/v2/models/add/infer", {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ id: "1", inputs: [row("a", [1, 2]), row("b", [10, 20])] }),
  }),
);
console.log("response", response.status, await response.text());

await predictor.close();

const dense = {
  modelTopology: {
    class_name: "Sequential",
    config: {
      name: "price",
      layers: [
        { class_name: "InputLayer", config: { name: "size", batch_input_shape: [null, 2] } },
        { class_name: "Dense", config: { name: "price", units: 1 } },
      ],
    },
  },
  weightsManifest: [
    {
      paths: ["data:application/octet-stream;base64,AABAQAAAAD8AACBB"],
      weights: [
        { name: "price/kernel", shape: [2, 1], dtype: "float32" },
        { name: "price/bias", shape: [1], dtype: "float32" },
      ],
    },
  ],
};
const artifact = new TextEncoder().encode(JSON.stringify(dense));
for (const execution of ["inline", "worker", "process"] as const) {
  const price = await createPredictor({
    model: defineModel({ name: "price", version: "1.0.0", artifact }),
    backend: tfjs({ device: ["webgpu", "wasm"] }),
    execution,
  });
  const answer = await price.predict({ size: tensor("float32", [20, 4], [1, 2]) });
  console.log("tfjs", price.info.device, price.info.warnings.length, answer["price"]?.data);
  await price.close();
}

const { statistic, method } = ksTwoSample([1, 2, 3, 4], Float64Array.of(3, 4, 5, 6));
console.log("ks", statistic, method);

const reference = profile([{ price: 250, brand: "Apple" }, { price: 99 }]);
const columns = reference.columns.map(({ name, kind, missing }) => [name, kind, missing]);
console.log("profile", reference.rows, columns);

const router = new Router({ seed: "add", variants: [{ variant: "1.0.0", weight: 1 }] });
console.log("route", router.variants[router.route("user-1")]);
