import type { Artifact } from "../artifact/artifact.ts";
import type { LoadOptions } from "../backend/backend.ts";
import { ModelLoadError } from "../errors/model-load-error.ts";
import type { FakeModel } from "./fake-model.ts";

/** The bytes that stand for the model `name` of a fake backend's `models`. */
export function fakeArtifact(name: string): Uint8Array {
  return new TextEncoder().encode(JSON.stringify({ fakeModel: name }));
}

/**
 * The model that an artifact names.
 *
 * @throws ModelLoadError `MODEL_LOAD_FAILED` when it names none.
 */
export async function readFakeArtifact(
  artifact: Artifact,
  models: Readonly<Record<string, FakeModel>>,
  { signal, onProgress }: LoadOptions,
): Promise<FakeModel> {
  const { location } = artifact;
  const bytes = await artifact.read({
    signal,
    onProgress: onProgress && ((progress) => onProgress({ phase: "reading", location, ...progress })),
  });
  onProgress?.({ phase: "preparing", location });
  const name = nameIn(bytes);
  const model = name !== undefined && Object.hasOwn(models, name) ? models[name] : undefined;
  if (model !== undefined) return model;
  const problem =
    name === undefined
      ? "it was not made by fakeArtifact()"
      : `there is no fake model ${JSON.stringify(name)}`;
  throw new ModelLoadError({ location, problem });
}

function nameIn(bytes: Uint8Array): string | undefined {
  try {
    const { fakeModel } = JSON.parse(new TextDecoder().decode(bytes)) as { fakeModel?: unknown };
    return typeof fakeModel === "string" ? fakeModel : undefined;
  } catch {
    return undefined;
  }
}
