import { tmpdir } from "node:os";

/**
 * Lets WebGPU use the Vulkan driver that the JSON file at `path` describes. To be called before the
 * process makes its first session on WebGPU.
 */
export function useVulkanDriver(path: string): void {
  process.env["VK_DRIVER_FILES"] = path;
  // The name of the variable in loaders before 1.3.207.
  process.env["VK_ICD_FILENAMES"] = path;
  // Without it, the loader complains on stderr.
  process.env["XDG_RUNTIME_DIR"] ??= tmpdir();
}
