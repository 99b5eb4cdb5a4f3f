// A page that a stranger might write. `scripts/packages/bundlers.ts` builds it with each bundler against the
// packed packages, and opens it; what the query says goes to the predictor.
import { onnx } from "@mlops/backend-onnx";
import { createPredictor, defineModel, tensor } from "@mlops/core";

const { device, execution, threads } = Object.fromEntries(new URLSearchParams(location.search));
const session = threads === undefined ? {} : { intraOpNumThreads: Number(threads) };
const model = defineModel({ name: "add", version: "1.0.0", artifact: new URL("add.onnx", document.baseURI) });

/** What the page shows. */
async function predict() {
  const predictor = await createPredictor({ model, backend: onnx({ device, session }), execution });
  const { sum } = await predictor.predict({
    a: tensor("float32", [1, 2], [1, 2]),
    b: tensor("float32", [10, 20], [1, 2]),
  });
  const { info } = predictor;
  await predictor.close();
  return { sum: [...sum.data], device: info.device, execution: info.execution, warnings: info.warnings };
}

document.body.textContent = JSON.stringify(
  await predict().catch((/** @type {unknown} */ error) => ({ error: String(error) })),
);
