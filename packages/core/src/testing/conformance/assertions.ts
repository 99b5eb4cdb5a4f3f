import type { Precision } from "../../backend/session.ts";
import type { ErrorCode } from "../../errors/error-codes.ts";
import { MlopsError } from "../../errors/mlops-error.ts";
import { numberFromFloat16 } from "../../tensor/float16.ts";
import { findTensorProblem, type Tensor, type TensorMap } from "../../tensor/tensor.ts";

/** What a backend does not do as it should. */
export class ConformanceError extends Error {
  override readonly name: string = "ConformanceError";
}

/** @throws ConformanceError with `problem` unless `condition` holds. */
export function assert(condition: unknown, problem: string): asserts condition {
  if (!condition) throw new ConformanceError(problem);
}

/** @throws ConformanceError unless both are written the same. For plain values, and lists of them. */
export function assertEqual(actual: unknown, expected: unknown, what: string): void {
  const [is, has] = [show(actual), show(expected)];
  assert(is === has, `${what} is ${is}, and has to be ${has}`);
}

/** As in source code: what JSON has no word for, such as Infinity and -0, too. */
function show(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(show).join(", ")}]`;
  if (typeof value === "number") return Object.is(value, -0) ? "-0" : String(value);
  if (typeof value === "bigint") return `${value}n`;
  return JSON.stringify(value) ?? String(value);
}

/** How a promise settled. */
export type Outcome<Value> = { readonly value: Value } | { readonly error: unknown };

/** How a promise settles; never rejects. */
export async function outcomeOf<Value>(promise: Promise<Value>): Promise<Outcome<Value>> {
  try {
    return { value: await promise };
  } catch (error) {
    return { error };
  }
}

/**
 * The error that `promise` rejects with.
 *
 * @throws ConformanceError when it fulfils, or rejects with anything else than an error of that code.
 */
export async function assertRejects(
  promise: Promise<unknown>,
  code: ErrorCode | "any",
  what: string,
): Promise<MlopsError> {
  const wanted = code === "any" ? "a typed error" : code;
  const outcome = await outcomeOf(promise);
  assert("error" in outcome, `${what} succeeds, and has to fail with ${wanted}`);
  const { error } = outcome;
  assert(
    MlopsError.isInstance(error),
    `${what} fails with ${describeError(error)}, which is no typed error of @mlops/core; it has to be ${wanted}`,
  );
  assert(
    code === "any" || error.code === code,
    `${what} fails with ${error.code} (${error.message}), and has to fail with ${wanted}`,
  );
  return error;
}

/** @throws ConformanceError unless the tensors have these names and values, each as close as `precision` says. */
export function assertTensors(
  actual: TensorMap,
  expected: TensorMap,
  what: string,
  precision: Precision = exact,
): void {
  assert(typeof actual === "object" && actual !== null, `${what} are not tensors by name`);
  assertEqual(Object.keys(actual).toSorted(), Object.keys(expected).toSorted(), `the list of ${what}`);
  for (const name of Object.keys(expected)) {
    assertTensor(actual[name], expected[name]!, `${what}: ${JSON.stringify(name)}`, precision);
  }
}

const exact: Precision = Object.freeze({ relative: 0, absolute: 0 });

/** The first difference is told with its index, and both tensors. */
function assertTensor(actual: unknown, expected: Tensor, what: string, precision: Precision): void {
  const problem = findTensorProblem(actual);
  assert(problem === undefined, `${what} ${problem}`);
  // findTensorProblem has found none.
  const tensor = actual as Tensor;
  assertEqual(tensor.dtype, expected.dtype, `the dtype of ${what}`);
  assertEqual(tensor.shape, expected.shape, `the shape of ${what}`);
  for (let index = 0; index < expected.data.length; index += 1) {
    const [is, has] = [elementOf(tensor, index), elementOf(expected, index)];
    if (isWithin(is, has, precision)) continue;
    throw new ConformanceError(
      `${what} is ${show(is)} at index ${index}, and has to be ${show(has)}${toleranceOf(precision)}; ` +
        `all of it is ${listOf(tensor)} instead of ${listOf(expected)}`,
    );
  }
}

type Element = number | bigint | string;

function elementOf(tensor: Tensor, index: number): Element {
  return tensor.dtype === "float16" ? numberFromFloat16(tensor.data[index]!) : tensor.data[index]!;
}

function isWithin(is: Element, has: Element, { relative, absolute }: Precision): boolean {
  if (Object.is(is, has)) return true;
  if (typeof is !== "number" || typeof has !== "number" || !Number.isFinite(has)) return false;
  // Where results have to be exact, so has the sign of zero.
  if (relative === 0 && absolute === 0) return false;
  return Math.abs(is - has) <= absolute + relative * Math.abs(has);
}

function toleranceOf({ relative, absolute }: Precision): string {
  return relative === 0 && absolute === 0 ? "" : ` within ${absolute} + ${relative} |x|`;
}

function listOf(tensor: Tensor): string {
  const shown = Array.from({ length: Math.min(tensor.data.length, 12) }, (_, index) =>
    show(elementOf(tensor, index)),
  );
  return `[${shown.join(", ")}${tensor.data.length > shown.length ? ", …" : ""}]`;
}

function describeError(error: unknown): string {
  return error instanceof Error ? `${error.name}: ${error.message}` : `${typeof error} ${String(error)}`;
}
