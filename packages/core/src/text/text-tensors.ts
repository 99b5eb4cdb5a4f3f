import { tensor, type Tensor, type TensorMap } from "../tensor/tensor.ts";
import type { EncodedText } from "./encode-text.ts";

/** The names of a text model's inputs. */
export interface TextInputNames {
  /** Default `input_ids`. */
  readonly ids?: string | undefined;
  /** Default `attention_mask`. */
  readonly mask?: string | undefined;
  /** Such as `token_type_ids`. Default none: the model takes none. */
  readonly types?: string | undefined;
}

/** The element type of a text model's inputs. Exporters use `int64`, or `int32`. */
export type TextDType = "int64" | "int32";

/**
 * The tensors of texts, `[texts, tokens]`, padded to the longest.
 *
 * @param padId - The number of the padding token, which the mask hides. Default 0.
 */
export function textTensors(
  texts: readonly EncodedText[],
  names: TextInputNames = {},
  {
    padId = 0,
    dtype = "int64",
  }: { readonly padId?: number | undefined; readonly dtype?: TextDType | undefined } = {},
): TensorMap {
  const { ids = "input_ids", mask = "attention_mask", types } = names;
  const length = Math.max(0, ...texts.map((text) => text.ids.length));
  const fill = (listOf: (text: EncodedText) => readonly number[], padding: number): Tensor => {
    const elements = texts.flatMap((text) => {
      const list = listOf(text);
      return [...list, ...Array<number>(length - list.length).fill(padding)];
    });
    const shape = [texts.length, length];
    return dtype === "int32"
      ? tensor("int32", Int32Array.from(elements), shape)
      : tensor("int64", BigInt64Array.from(elements, BigInt), shape);
  };
  return {
    [ids]: fill((text) => text.ids, padId),
    [mask]: fill((text) => text.ids.map(() => 1), 0),
    ...(types === undefined ? {} : { [types]: fill((text) => text.typeIds, 0) }),
  };
}
