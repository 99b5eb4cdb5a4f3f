import type { Backend } from "../backend/backend.ts";
import { AbortedError } from "../errors/aborted-error.ts";
import { defineModel } from "../model/define-model.ts";
import type { Model } from "../model/model.ts";
import { FakeSession, type FakeSessionOptions } from "../predictor/fake-backend.fixtures.ts";
import { FakeEnvironment } from "../predictor/fake-environment.fixtures.ts";
import type { Warning } from "../warning.ts";
import { createModelStore, type ModelStore, type ModelStoreOptions } from "./model-store.ts";

/** One call of `load`. A held one waits for `finish()` or `fail()`. */
export interface FakeLoad {
  readonly bytes: number;
  readonly session: FakeSession;
  finish(): void;
  fail(error: unknown): void;
}

/** What a {@link StoreSetup} is made with. */
export interface StoreSetupOptions extends ModelStoreOptions, FakeSessionOptions {
  /** Whether loads wait to be finished by hand. */
  readonly holdLoads?: boolean;
  /** Whether a load goes on although it is aborted. */
  readonly ignoresAborts?: boolean;
  /** What sessions tell of their memory. */
  readonly memoryBytes?: number;
}

/** A store over a backend whose loads and runs can be held. */
export class StoreSetup {
  readonly environment: FakeEnvironment = new FakeEnvironment();
  readonly warnings: Warning[] = [];
  readonly store: ModelStore;
  readonly backend: Backend;
  /** Every load that read its artifact, oldest first. */
  readonly loads: FakeLoad[] = [];
  /** The most bytes that ever were in sessions together. */
  mostBytes = 0;
  holdLoads: boolean;
  readonly #options: StoreSetupOptions;

  constructor(options: StoreSetupOptions = {}) {
    this.#options = options;
    this.holdLoads = options.holdLoads ?? false;
    const environment = Object.assign(this.environment, {
      warn: (warning: Warning) => void this.warnings.push(warning),
    });
    this.store = createModelStore({ cores: 8, environment, ...options });
    this.backend = {
      specificationVersion: "v1",
      name: "fake",
      load: async (artifact, { signal }) => {
        const { byteLength } = await artifact.read({ signal });
        return this.#load(byteLength, signal);
      },
    };
  }

  /** The session of each load. */
  get sessions(): FakeSession[] {
    return this.loads.map(({ session }) => session);
  }

  /** What core did that a session does not expect. */
  get violations(): string[] {
    return this.sessions.flatMap(({ violations }) => violations);
  }

  /** The name and state of each model in the store. */
  get states(): string[] {
    return this.store.models().map(({ model, state }) => `${model} ${state}`);
  }

  #load(bytes: number, signal: AbortSignal | undefined): Promise<FakeSession> {
    const { memoryBytes, ignoresAborts = false } = this.#options;
    const session = Object.assign(new FakeSession(this.#options), { memoryBytes });
    return new Promise((resolve, reject) => {
      const load: FakeLoad = {
        bytes,
        session,
        finish: () => {
          resolve(session);
          const live = this.loads.filter((other) => other.session.releaseCount === 0);
          this.mostBytes = Math.max(
            this.mostBytes,
            live.reduce((sum, other) => sum + other.bytes, 0),
          );
        },
        fail: (error) => reject(error as Error),
      };
      this.loads.push(load);
      const abort = (): void => reject(new AbortedError({ stage: "loading" }));
      if (!ignoresAborts) signal?.addEventListener("abort", abort);
      if (!this.holdLoads) load.finish();
    });
  }
}

/** A model of so many bytes. */
export const modelOf = (name: string, bytes = 10, version = "1"): Model =>
  defineModel({ name, version, artifact: new Uint8Array(bytes) });
