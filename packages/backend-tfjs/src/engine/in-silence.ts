/**
 * Does `work` while TensorFlow.js prints nothing, as it does when two copies of it register the
 * same operations, or a backend cannot be started.
 */
export async function inSilence<Result>(work: () => Promise<Result>): Promise<Result> {
  const { _tfengine: engine } = globalThis as { _tfengine?: { readonly ENV: TfjsEnvironment } };
  if (engine === undefined) return work();
  const before = engine.ENV.get("PROD");
  engine.ENV.set("PROD", true);
  try {
    return await work();
  } finally {
    engine.ENV.set("PROD", before === true);
  }
}

/** The flags of TensorFlow.js. */
interface TfjsEnvironment {
  get(flag: string): unknown;
  set(flag: string, value: boolean): void;
}
