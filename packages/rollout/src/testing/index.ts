export {
  describeGuardrail,
  type DescribeGuardrailOptions,
  GuardrailConformanceError,
  type GuardrailSample,
  type GuardrailTestName,
} from "./describe-guardrail.ts";
export { describeStore, StoreConformanceError, type StoreTestRunner } from "./describe-store.ts";
export { describeAssignmentStore } from "./describe-assignment-store.ts";
