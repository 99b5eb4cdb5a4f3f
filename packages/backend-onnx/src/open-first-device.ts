import { ModelLoadError, type Warning } from "@mlops/core";

import type { OnnxDevice, OnnxDeviceName } from "./device.ts";
import { messageOf, toModelLoadError } from "./to-core-error.ts";

/** What {@link openFirstDevice} is told. */
export interface OpenFirstDeviceOptions<Opened> {
  /** In the order in which they are tried; at least one. */
  readonly devices: readonly OnnxDevice[];
  /** Where the model came from, for errors. */
  readonly location: string;
  readonly open: (device: OnnxDevice) => Promise<Opened>;
  /** Why a device could not be used, as a sentence without its full stop. Default what was thrown says. */
  readonly reasonOf?: ((device: OnnxDeviceName, cause: unknown) => string) | undefined;
}

/** What was opened, where, and the devices that were tried before. */
export type OpenedOnDevice<Opened> = Opened & {
  readonly device: OnnxDeviceName;
  readonly warnings: readonly Warning[];
};

interface Failure {
  readonly device: OnnxDeviceName;
  readonly reason: string;
  readonly cause: unknown;
}

/**
 * Opens the first device of a chain that can.
 *
 * The runtime has a chain of its own, and leaves it at the first device whose libraries it finds
 * broken. Here each device is asked for by itself.
 *
 * @throws ModelLoadError `MODEL_LOAD_FAILED` with the reason of every device when none can.
 */
export async function openFirstDevice<Opened>({
  devices,
  location,
  open,
  reasonOf = (_device, cause) => messageOf(cause),
}: OpenFirstDeviceOptions<Opened>): Promise<OpenedOnDevice<Opened>> {
  const failures: Failure[] = [];
  for (const device of devices) {
    try {
      const opened = await open(device);
      const warnings = failures.map(({ device: failed, reason }): Warning => {
        const message = `${failed} could not be used, so the model runs on ${device.name}: ${reason}.`;
        return { type: "device-unavailable", device: failed, message };
      });
      return { ...opened, device: device.name, warnings };
    } catch (cause) {
      failures.push({ device: device.name, reason: reasonOf(device.name, cause), cause });
    }
  }
  throw noDeviceError(failures, location);
}

function noDeviceError(failures: readonly Failure[], location: string): ModelLoadError {
  const [first, ...others] = failures;
  if (others.length > 0) {
    const reasons = failures.map(({ device, reason }) => `${device}: ${reason}`);
    const problem = `ONNX Runtime refused it on each device. ${reasons.join(". ")}`;
    const causes = failures.map(({ cause }) => cause);
    const cause = new AggregateError(causes, "No device could run the model.");
    return new ModelLoadError({ location, problem, cause });
  }
  const { device, reason, cause } = first!;
  if (device === "cpu") return toModelLoadError(cause, location);
  return new ModelLoadError({ location, problem: `ONNX Runtime refused it on ${device}: ${reason}`, cause });
}
