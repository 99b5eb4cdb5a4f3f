import { writeSync } from "node:fs";

import { systemEnvironment } from "../environment.ts";
import { createPredictor } from "../predictor/create-predictor.ts";
import { fakeBackend, fakeModel, FakeSession, rows } from "../predictor/fake-backend.fixtures.ts";
import type { Warning } from "../warning.ts";
import { collectGarbage } from "./collect-garbage.fixtures.ts";
import { createModelStore } from "./model-store.ts";

// Run by leak.test.ts as a program: `node leak.fixtures.ts <how>`. It prints what it was warned of
// and how often the model was freed.

const warnings: Warning[] = [];
const environment = { ...systemEnvironment, warn: (warning: Warning) => void warnings.push(warning) };
const session = new FakeSession();
const options = { model: fakeModel, backend: fakeBackend(session) };

const programs: Readonly<Record<string, () => Promise<unknown>>> = {
  async "created and forgotten"() {
    const predictor = await createPredictor({ ...options, environment });
    predictor.observe(() => {});
    await predictor.predict(rows(1));
    return undefined;
  },
  async "created and closed"() {
    const predictor = await createPredictor({ ...options, environment });
    await predictor.predict(rows(1));
    return predictor.close();
  },
  async "created and held"() {
    return createPredictor({ ...options, environment });
  },
  async "opened and forgotten"() {
    const store = createModelStore({ environment, idleTimeoutMs: 60_000 });
    const predictor = await store.open(options);
    predictor.observe(() => {});
    await predictor.predict(rows(1));
    return store;
  },
  async "opened and closed"() {
    const store = createModelStore({ environment });
    const predictor = await store.open(options);
    await predictor.close();
    return store;
  },
  async "opened, reloaded and forgotten"() {
    const store = createModelStore({ environment });
    const predictor = await store.open({ model: fakeModel, backend: fakeBackend(new FakeSession()) });
    await predictor.reload(options);
    return store;
  },
  async "opened twice, and one forgotten"() {
    const store = createModelStore({ environment });
    await store.open(options);
    return [store, await store.open(options)];
  },
  async "forgotten without a hook"() {
    await createPredictor(options);
    return undefined;
  },
};

const held = await programs[process.argv[2]!]!();
await collectGarbage();
writeSync(1, JSON.stringify({ warnings, freed: session.releaseCount, isHeld: held !== undefined }));
process.exit(0);
