export { InvalidArgumentError, type InvalidArgumentDetails } from "./errors/invalid-argument-error.ts";
