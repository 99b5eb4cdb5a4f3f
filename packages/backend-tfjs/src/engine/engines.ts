import { hasErrorCode, UnsupportedError, type Warning } from "@mlops/core";

import type { TfjsConfig } from "../config.ts";
import type { TfjsDevice } from "../device.ts";
import type { TfjsPackages } from "../load-package.ts";
import { messageOf } from "../to-core-error.ts";
import type { Engine } from "./engine.ts";
import { defaultDevices, openEngine } from "./open-engine.ts";

/** The engines of a backend, each started when it is first tried. */
export class Engines {
  readonly #devices: readonly TfjsDevice[] | undefined;
  readonly #packages: TfjsPackages;
  readonly #settings: Pick<TfjsConfig, "wasmPath">;
  readonly #opened = new Map<TfjsDevice, Promise<Engine>>();

  /** @param devices - What to try, in this order. Default what the host can have. */
  constructor(
    devices: readonly TfjsDevice[] | undefined,
    packages: TfjsPackages,
    settings: Pick<TfjsConfig, "wasmPath">,
  ) {
    this.#devices = devices;
    this.#packages = packages;
    this.#settings = settings;
  }

  /**
   * Loads a model on the first engine that can be started and that supports it.
   *
   * @returns What `load` gives, and what became of the engines before.
   * @throws UnsupportedError `UNSUPPORTED` when none can, with the reason of each; when there is
   *   only one to try, its own error.
   */
  async loadOnFirst<Result>(
    load: (engine: Engine) => Promise<Result>,
  ): Promise<{ readonly result: Result; readonly warnings: readonly Warning[] }> {
    const devices = this.#devices ?? defaultDevices();
    const warnings: Warning[] = [];
    for (const device of devices) {
      let engine: Engine | undefined;
      try {
        engine = await this.#open(device);
        return { result: await load(engine), warnings };
      } catch (cause) {
        // A model that is broken is so everywhere.
        const isElsewhereToo = engine !== undefined && !hasErrorCode(cause, "UNSUPPORTED");
        if (devices.length === 1 || isElsewhereToo) throw cause;
        const message = `The device ${device} could not be used: ${messageOf(cause)}.`;
        warnings.push({ type: "unsupported-setting", setting: "device", message });
      }
    }
    throw new UnsupportedError({
      feature: `Running this model on ${devices.join(", ")} here`,
      remedy: warnings.map(({ message }) => message).join(" "),
    });
  }

  #open(device: TfjsDevice): Promise<Engine> {
    let opening = this.#opened.get(device);
    if (opening === undefined) {
      opening = openEngine(device, this.#packages, this.#settings);
      this.#opened.set(device, opening);
      // A failed attempt is not kept: a package may be there the next time.
      opening.catch(() => this.#opened.delete(device));
    }
    return opening;
  }
}
