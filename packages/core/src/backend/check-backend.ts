import { InvalidOptionsError } from "../errors/invalid-options-error.ts";
import type { Backend } from "./backend.ts";

/** @throws InvalidOptionsError `INVALID_OPTIONS` when it is no backend that this version of core can use. */
export function checkBackend(backend: Backend | undefined): void {
  if (backend?.specificationVersion !== "v1") {
    const version = JSON.stringify(backend?.specificationVersion) ?? "none";
    throw new InvalidOptionsError({
      option: "backend",
      problem: `has the specificationVersion ${version}; this version of @mlops/core takes "v1"`,
    });
  }
}
