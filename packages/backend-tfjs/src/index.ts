export { tfjs } from "./backend.ts";
export type { TfjsConfig, TfjsModule, TfjsPackage } from "./config.ts";
export { type TfjsDevice, tfjsDevices } from "./device.ts";
export { fromLayersModel, type FromLayersModelOptions } from "./from-layers-model.ts";
export type { TfjsLayersModel, TfjsSymbolicTensor, TfjsTensor } from "./runtime.ts";

export type { KerasArtifacts } from "./keras/artifacts.ts";
export { supportedLayers as supportedKerasLayers } from "./keras/layers/convert-layer.ts";
export { createLayersModel } from "./keras/layers-model.ts";
export { readKeras, type ReadKerasOptions } from "./keras/read-keras.ts";
export type { KerasLayersModel, KerasRuntime } from "./keras/runtime.ts";
export { exportOnnx, type ExportOnnxOptions } from "./onnx-export/export-onnx.ts";
export type { LayerVariable, LayersModelGraph, SymbolicTensor } from "./onnx-export/layers-model-graph.ts";
