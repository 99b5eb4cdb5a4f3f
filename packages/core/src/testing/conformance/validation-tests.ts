import type { ErrorCode } from "../../errors/error-codes.ts";
import { type Tensor, tensor, type TensorMap } from "../../tensor/tensor.ts";
import { assertEqual, assertRejects } from "./assertions.ts";
import type { ConformanceTest } from "./conformance-test.ts";
import { rowsOfThree } from "./inputs.ts";

const x = rowsOfThree(1, 2, 3)["x"]!;

/** What core refuses by the session's metadata, before the runtime sees it. */
export const validationTests = (): readonly ConformanceTest[] => [
  refusal("a missing input", "TENSOR_NAME_MISMATCH", {}),
  refusal("an input by another name", "TENSOR_NAME_MISMATCH", { X: x }),
  refusal("an input too many", "TENSOR_NAME_MISMATCH", { x, y: x }),
  refusal("another dtype", "DTYPE_MISMATCH", { x: tensor("float64", [1, 2, 3], [1, 3]) }),
  refusal("another number of dimensions", "SHAPE_MISMATCH", { x: tensor("float32", [1, 2, 3], [3]) }),
  refusal("another size of a fixed dimension", "SHAPE_MISMATCH", { x: tensor("float32", [1, 2], [1, 2]) }),
  refusal("data that do not fill the shape", "INVALID_TENSOR", {
    // As it may come from a caller without types.
    x: { dtype: "float32", shape: [1, 3], data: new Float32Array(2) },
  }),
  refusal("an empty batch", "EMPTY_BATCH", { x: tensor("float32", [], [0, 3]) }),
  {
    name: "validation: refuses an unknown output before the runtime sees it",
    models: ["identity-float32"],
    async run(context) {
      const predictor = await context.predictor("identity-float32");
      const answer = predictor.predictTensors({ x }, { outputs: ["z"] });
      await assertRejects(answer, "TENSOR_NAME_MISMATCH", "asking for an unknown output");
      assertEqual(context.runCount, 0, "the number of runs");
    },
  },
  {
    name: "validation: refuses more rows than a fixed batch size",
    models: ["fixed-batch"],
    async run(context) {
      const predictor = await context.predictor("fixed-batch");
      const answer = predictor.predictTensors(rowsOfThree(1, 2, 3, 4, 5, 6));
      await assertRejects(answer, "SHAPE_MISMATCH", "two rows for a fixed batch size of one");
      assertEqual(context.runCount, 0, "the number of runs");
    },
  },
];

function refusal(what: string, code: ErrorCode, tensors: Readonly<Record<string, Tensor>>): ConformanceTest {
  return {
    name: `validation: refuses ${what} before the runtime sees it`,
    models: ["identity-float32"],
    async run(context) {
      const predictor = await context.predictor("identity-float32");
      await assertRejects(predictor.predictTensors(tensors as TensorMap), code, what);
      assertEqual(context.runCount, 0, "the number of runs");
    },
  };
}
