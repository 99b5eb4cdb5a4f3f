import type { Tensor, TensorMap } from "@mlops/core";

/** What the protocol calls the element types of the page's models. */
const datatypes: Readonly<Partial<Record<Tensor["dtype"], string>>> = { float32: "FP32", int32: "INT32" };

/** An answer of the server. */
export interface ServerAnswer {
  /** The numbers of each output. */
  readonly outputs: Readonly<Record<string, readonly number[]>>;
  readonly milliseconds: number;
}

/**
 * Asks the page's server, by the Open Inference Protocol.
 *
 * @throws Error when it cannot be reached, or refuses.
 */
export async function askServer(model: string, tensors: TensorMap): Promise<ServerAnswer> {
  const inputs = Object.entries(tensors).map(([name, { dtype, shape, data }]) => ({
    name,
    shape,
    datatype: datatypes[dtype],
    data: Array.from(data, Number),
  }));
  const startedAt = performance.now();
  const response = await fetch(new URL(`v2/models/${encodeURIComponent(model)}/infer`, document.baseURI), {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ inputs }),
  }).catch((cause: unknown) => {
    throw new Error("The server could not be reached. The models here do without it.", { cause });
  });
  const body: unknown = await response.json();
  if (!response.ok) throw new Error((body as { readonly error: string }).error);
  // The response of an infer request, as the protocol has it.
  const { outputs } = body as {
    readonly outputs: readonly { readonly name: string; readonly data: readonly number[] }[];
  };
  return {
    outputs: Object.fromEntries(outputs.map(({ name, data }) => [name, data])),
    milliseconds: performance.now() - startedAt,
  };
}
