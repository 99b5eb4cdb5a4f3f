// Routing
export type { Share } from "./routing/allocation.ts";
export { growthBookNumber, type Namespace } from "./routing/growthbook.ts";
export { Router, type Routing, type RoutingAlgorithm, routingAlgorithms } from "./routing/router.ts";
export { unleashPercentile, unleashVariant } from "./routing/unleash.ts";

// Errors
export { InvalidPolicyError, type InvalidPolicyDetails } from "./errors/invalid-policy-error.ts";
