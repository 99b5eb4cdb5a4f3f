export { type TfjsDevice, tfjsDevices } from "./device.ts";
