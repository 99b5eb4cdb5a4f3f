export { tfjs } from "./backend.ts";
export type { TfjsConfig, TfjsModule, TfjsPackage } from "./config.ts";
export { type TfjsDevice, tfjsDevices } from "./device.ts";
