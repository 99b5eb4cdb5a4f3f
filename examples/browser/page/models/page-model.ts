import { onnx } from "@mlops/backend-onnx";
import {
  AbortedError,
  ClosedError,
  createPredictor,
  type LoadProgress,
  type Model,
  type Predictor,
  type PredictorInfo,
} from "@mlops/core";

import type { DeviceChoice } from "../devices/device-choice.ts";
import { messageOf } from "../message-of.ts";

/** How far a model is. */
export type LoadState =
  | { readonly phase: "waiting" }
  | LoadProgress
  | { readonly phase: "ready"; readonly info: PredictorInfo; readonly milliseconds: number }
  | { readonly phase: "failed"; readonly message: string };

/** A model that is on one device. */
export interface OpenedModel<Input, Output> {
  readonly model: Model<Input, Output>;
  readonly predictor: Predictor<Input, Output>;
  readonly device: DeviceChoice;
}

/** Options of {@link PageModel}. */
export interface PageModelOptions<Input, Output> {
  /** What it is called on the page. */
  readonly label: string;
  readonly define: () => Promise<Model<Input, Output>>;
  readonly onState: (state: LoadState) => void;
}

/** One of the page's models, on the device that was chosen last. */
export class PageModel<Input, Output> {
  readonly label: string;
  readonly #define: PageModelOptions<Input, Output>["define"];
  readonly #onState: PageModelOptions<Input, Output>["onState"];
  #opened: Promise<OpenedModel<Input, Output> | undefined> = Promise.resolve(undefined);
  #loading = new AbortController();

  constructor({ label, define, onState }: PageModelOptions<Input, Output>) {
    this.label = label;
    this.#define = define;
    this.#onState = onState;
  }

  /** Moves it to a device. What runs on the last one is finished first. */
  use(device: DeviceChoice): Promise<void> {
    this.#loading.abort();
    this.#loading = new AbortController();
    this.#onState({ phase: "waiting" });
    this.#opened = this.#move(this.#opened, device, this.#loading.signal);
    return this.#opened.then(() => undefined);
  }

  /** The model on its device, once it is there; `undefined` where that failed. */
  opened(): Promise<OpenedModel<Input, Output> | undefined> {
    return this.#opened;
  }

  /**
   * Predicts on the device that was chosen last; `undefined` where the model could not be opened there.
   *
   * @throws What `predict` throws.
   */
  async predict(input: Input): Promise<Output | undefined> {
    while (true) {
      const promise = this.#opened;
      const opened = await promise;
      try {
        return await opened?.predictor.predict(input);
      } catch (error) {
        // It has moved to another device just now.
        if (promise === this.#opened || !ClosedError.isInstance(error)) throw error;
      }
    }
  }

  async #move(
    previous: Promise<OpenedModel<Input, Output> | undefined>,
    device: DeviceChoice,
    signal: AbortSignal,
  ): Promise<OpenedModel<Input, Output> | undefined> {
    const startedAt = performance.now();
    try {
      await (await previous)?.predictor.close();
      const model = await this.#define();
      const predictor = await createPredictor({
        model,
        backend: onnx(device.config),
        onProgress: this.#onState,
        signal,
      });
      const milliseconds = performance.now() - startedAt;
      this.#onState({ phase: "ready", info: predictor.info, milliseconds });
      return { model, predictor, device };
    } catch (error) {
      // Another device was chosen meanwhile, whose loading is shown now.
      if (!AbortedError.isInstance(error)) {
        this.#onState({ phase: "failed", message: messageOf(error) });
      }
      return undefined;
    }
  }
}
