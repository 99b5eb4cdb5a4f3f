export { detectLike } from "./detect-like.ts";
export type { ParityColumn, ParityTool, ParityVerdict } from "./parity-verdict.ts";
