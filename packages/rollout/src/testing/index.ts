export { describeStore, StoreConformanceError, type StoreTestRunner } from "./describe-store.ts";
export { describeAssignmentStore } from "./describe-assignment-store.ts";
