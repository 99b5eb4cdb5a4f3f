/**
 * What a comparison came to.
 *
 * - `stable`: no change was found, and one that matters would most likely have been.
 * - `drift`: a change that chance does not explain, and that is not shown to be too small to matter.
 * - `not-enough-data`: no change was found, and one that matters could well have been missed.
 * - `invalid`: nothing could be compared; the reason says why.
 */
export type DriftStatus = "stable" | "drift" | "not-enough-data" | "invalid";

/** Every {@link DriftStatus}, the one that needs most attention first. */
export const driftStatuses: readonly DriftStatus[] = ["drift", "invalid", "not-enough-data", "stable"];
