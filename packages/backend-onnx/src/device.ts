/**
 * Where a model runs, with the options that ONNX Runtime reads for it.
 *
 * In Node by `onnxruntime-node`: `cuda` and `tensorrt` are there on linux-x64, `webgpu` on Windows,
 * linux-x64 and Apple silicon, `directml` on Windows, `coreml` on Apple silicon, and `cpu` everywhere
 * that the package has a binding for. By `onnxruntime-web`: `wasm` in Node and in browsers, where
 * `cpu` means it, and in browsers `webgpu` and `webnn`.
 */
export type OnnxDevice =
  | { readonly name: "cpu" }
  | { readonly name: "wasm" }
  | GpuByNumber<"cuda">
  | GpuByNumber<"tensorrt">
  | GpuByNumber<"directml">
  | WebGpuDevice
  | WebNnDevice
  | CoreMlDevice;

/** The name of a device. */
export type OnnxDeviceName = OnnxDevice["name"];

interface GpuByNumber<Name extends string> {
  readonly name: Name;
  /** Which GPU, from 0. Default 0. The only option that the binding passes on. */
  readonly deviceId?: number | undefined;
}

/** When a buffer that is free again is destroyed: at once, at the end of the run, or kept for its exact size or a bucket of sizes. */
type BufferCacheMode = "disabled" | "lazyRelease" | "simple" | "bucket";

interface WebGpuDevice {
  readonly name: "webgpu";
  /** Order of an image's dimensions in the operators that care. Default the runtime's own choice. */
  readonly preferredLayout?: "NCHW" | "NHWC" | undefined;
  /** Nodes of the model, by name, that run on the CPU. None may hold a line feed. */
  readonly forceCpuNodeNames?: readonly string[] | undefined;
  /**
   * How much is checked before a command goes to the GPU. Default `basic`. `disabled` lets an error
   * of WebGPU end the process.
   */
  readonly validationMode?: "disabled" | "wgpuOnly" | "basic" | "full" | undefined;
  /** Whether accesses outside a buffer are caught. The first session of a process decides. Default false. */
  readonly enableRobustness?: boolean | undefined;
  /** Default `bucket`. `simple` may take less memory where all shapes are fixed. */
  readonly storageBufferCacheMode?: BufferCacheMode | undefined;
  /** Default `simple`. */
  readonly uniformBufferCacheMode?: BufferCacheMode | undefined;
  /** Default `disabled`. */
  readonly queryResolveBufferCacheMode?: BufferCacheMode | undefined;
  /** Default `disabled`. */
  readonly defaultBufferCacheMode?: BufferCacheMode | undefined;
}

interface WebNnDevice {
  readonly name: "webnn";
  /** What the browser is asked to compute on. Default its own choice. */
  readonly deviceType?: "cpu" | "gpu" | "npu" | undefined;
  /** Default the browser's own choice. */
  readonly powerPreference?: "default" | "high-performance" | "low-power" | undefined;
}

interface CoreMlDevice {
  readonly name: "coreml";
  /** What Core ML may compute on. Default `all`, which may compute in half precision. */
  readonly computeUnits?: "all" | "cpuOnly" | "cpuAndGpu" | undefined;
  /** Whether bodies of loops and branches go to Core ML, too. Default false. */
  readonly enableOnSubgraphs?: boolean | undefined;
  /** Whether Core ML is used only on machines with a Neural Engine. Default false. */
  readonly onlyWithNeuralEngine?: boolean | undefined;
  /** Whether only operators of fixed shapes go to Core ML. Default false. */
  readonly onlyStaticShapes?: boolean | undefined;
  /** Whether the newer format `MLProgram` is made, from macOS 12. Default false: `NeuralNetwork`. */
  readonly createMlProgram?: boolean | undefined;
}
