export { describeStore, StoreConformanceError, type StoreTestRunner } from "./describe-store.ts";
