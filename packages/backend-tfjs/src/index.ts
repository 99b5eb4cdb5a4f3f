export { tfjs } from "./backend.ts";
export type { TfjsConfig, TfjsModule, TfjsPackage } from "./config.ts";
export { type TfjsDevice, tfjsDevices } from "./device.ts";
export { fromLayersModel, type FromLayersModelOptions } from "./from-layers-model.ts";
export type { TfjsLayersModel, TfjsSymbolicTensor, TfjsTensor } from "./runtime.ts";
