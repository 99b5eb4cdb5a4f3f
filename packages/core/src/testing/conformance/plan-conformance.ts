import type { ArtifactSource } from "../../artifact/artifact.ts";
import { checkBackend as checkSpecification } from "../../backend/check-backend.ts";
import { systemEnvironment } from "../../environment.ts";
import { InvalidOptionsError } from "../../errors/invalid-options-error.ts";
import { ConformanceContext } from "./conformance-context.ts";
import { ConformanceError } from "./assertions.ts";
import type { ConformanceModelName } from "./conformance-models.ts";
import type { ConformanceOptions, ConformanceSkip, Unsupported } from "./conformance-options.ts";
import type { ConformanceTest } from "./conformance-test.ts";
import { conformanceTests } from "./conformance-tests.ts";

/** A test of the suite, for one backend. */
export interface PlannedTest {
  readonly name: string;
  /** Why it is not run; `undefined` when it is. */
  readonly skipped: string | undefined;
  readonly run: () => Promise<void>;
}

/**
 * The suite for one backend.
 *
 * @throws InvalidOptionsError `INVALID_OPTIONS` when a skip names no test or gives no reason.
 */
export function planConformance(options: ConformanceOptions): readonly PlannedTest[] {
  const { backend, models, skip = [], timeoutMs = 20_000 } = options;
  checkSpecification(backend);
  const tests = conformanceTests();
  const reasons = readSkips(skip, tests);
  return tests.map((test) => ({
    name: test.name,
    skipped: reasons.get(test.name) ?? findUnsupported(test, models),
    run: () => runTest(test, options, timeoutMs),
  }));
}

function readSkips(
  skip: readonly ConformanceSkip[],
  tests: readonly ConformanceTest[],
): ReadonlyMap<string, string> {
  const names = new Set(tests.map(({ name }) => name));
  const reasons = new Map<string, string>();
  for (const { test, reason } of skip) {
    const quoted = JSON.stringify(test);
    const fail = (problem: string): never => {
      throw new InvalidOptionsError({ option: "skip", problem });
    };
    if (!names.has(test))
      fail(`names ${quoted}, which is no test; remove it, or take a name as it is printed`);
    if (reasons.has(test)) fail(`names ${quoted} twice; remove one`);
    if (typeof reason !== "string" || reason.trim() === "") fail(`gives no reason for ${quoted}; say why`);
    reasons.set(test, reason);
  }
  return reasons;
}

function findUnsupported(test: ConformanceTest, models: ConformanceOptions["models"]): string | undefined {
  for (const name of test.models) {
    const model = models(name);
    if (isUnsupported(model)) return `there is no model ${name}: ${model.unsupported}`;
  }
  return undefined;
}

async function runTest(
  { name, models, run }: ConformanceTest,
  options: ConformanceOptions,
  timeoutMs: number,
): Promise<void> {
  const context = new ConformanceContext(options.backend, (model) => sourceOf(model, models, options));
  let cancel = (): void => {};
  const late = new Promise<never>((_, reject) => {
    const fail = (): void => reject(new ConformanceError(`${name}: it has not ended after ${timeoutMs} ms`));
    cancel = systemEnvironment.setTimer(fail, timeoutMs);
  });
  try {
    await Promise.race([run(context), late]);
    await Promise.race([context.close(), late]);
  } finally {
    cancel();
  }
}

function sourceOf(
  name: ConformanceModelName,
  declared: ConformanceTest["models"],
  { models }: ConformanceOptions,
): ArtifactSource {
  const model = models(name);
  if (!declared.includes(name) || isUnsupported(model)) {
    throw new ConformanceError(`the test uses the model ${name}, and does not declare it`);
  }
  return model;
}

function isUnsupported(model: ArtifactSource | Unsupported): model is Unsupported {
  return typeof model === "object" && "unsupported" in model;
}
