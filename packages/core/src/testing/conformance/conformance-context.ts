import type { Artifact, ArtifactSource } from "../../artifact/artifact.ts";
import { openArtifact } from "../../artifact/open-artifact.ts";
import type { Backend, LoadOptions } from "../../backend/backend.ts";
import type { Session } from "../../backend/session.ts";
import { defineModel } from "../../model/define-model.ts";
import { createPredictor } from "../../predictor/create-predictor.ts";
import type { Predictor } from "../../predictor/predictor.ts";
import { wrapBackend } from "../wrap-backend.ts";
import type { ConformanceModelName } from "./conformance-models.ts";

/** A predictor of a single model, which has `predictTensors`. */
export type TensorPredictor = Predictor & Required<Pick<Predictor, "predictTensors">>;

/** What one test is given: the backend and its models. What it opens is closed after it. */
export class ConformanceContext {
  readonly backend: Backend;
  /** How often a predictor of this context has called the runtime. */
  runCount = 0;
  readonly #sourceOf: (name: ConformanceModelName) => ArtifactSource;
  readonly #opened: (() => Promise<unknown>)[] = [];

  constructor(backend: Backend, sourceOf: (name: ConformanceModelName) => ArtifactSource) {
    this.backend = backend;
    this.#sourceOf = sourceOf;
  }

  artifact(name: ConformanceModelName): Artifact {
    return openArtifact(this.#sourceOf(name));
  }

  load(name: ConformanceModelName, options: LoadOptions = {}): Promise<Session> {
    return this.loadArtifact(this.artifact(name), options);
  }

  async loadArtifact(artifact: Artifact, options: LoadOptions = {}): Promise<Session> {
    const session = await this.backend.load(artifact, options);
    this.#opened.push(() => session.release());
    return session;
  }

  /** A predictor whose requests share runs, on this thread. */
  async predictor(name: ConformanceModelName): Promise<TensorPredictor> {
    const counting = wrapBackend(this.backend, {
      doRun: (session, inputs, options) => {
        this.runCount += 1;
        return session.doRun(inputs, options);
      },
    });
    const model = defineModel({ name: "conformance", version: "1", artifact: this.#sourceOf(name) });
    const predictor = await createPredictor({ model, backend: counting, execution: "inline", warmup: false });
    this.#opened.push(() => predictor.close());
    return predictor as TensorPredictor;
  }

  /** Closes what the test has opened. That this works is for the tests of the release to say. */
  async close(): Promise<void> {
    await Promise.allSettled(this.#opened.map(async (close) => close()));
  }
}
