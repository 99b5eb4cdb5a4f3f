import type { TfjsGraphModel } from "../runtime.ts";
export function keepBranchTensors(_model: TfjsGraphModel): void {}
