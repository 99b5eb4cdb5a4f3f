import type { AttributeProto } from "./onnx-proto.ts";
import { fromTensorProto, toTensorProto } from "./tensor-proto.ts";
import type { Tensor } from "./tensor.ts";

/**
 * A node's attribute. ONNX tells integers from floats where JavaScript does not, so a value
 * always comes with its kind: write `int(3)`, `floats([0.5, 1])`.
 */
export type Attribute =
  | { readonly kind: "float"; readonly value: number }
  | { readonly kind: "int"; readonly value: bigint }
  | { readonly kind: "string"; readonly value: string }
  | { readonly kind: "tensor"; readonly value: Tensor }
  | { readonly kind: "floats"; readonly value: readonly number[] }
  | { readonly kind: "ints"; readonly value: readonly bigint[] }
  | { readonly kind: "strings"; readonly value: readonly string[] };

/** Attributes by name. */
export type Attributes = Readonly<Record<string, Attribute>>;

/** A float attribute, rounded to float32 as ONNX stores it. */
export function float(value: number): Attribute {
  return { kind: "float", value: Math.fround(value) };
}

/** A 64-bit integer attribute. @throws RangeError when `value` is not an integer, or not exactly one in 64 bits. */
export function int(value: number | bigint): Attribute {
  return { kind: "int", value: toInt64(value) };
}

/** A string attribute, stored as UTF-8. */
export function string(value: string): Attribute {
  return { kind: "string", value };
}

/** A tensor attribute, such as the `value` of `Constant`. */
export function tensorAttribute(value: Tensor): Attribute {
  return { kind: "tensor", value };
}

/** A list of floats, rounded to float32 as ONNX stores them. */
export function floats(values: readonly number[]): Attribute {
  return { kind: "floats", value: values.map(Math.fround) };
}

/** A list of 64-bit integers. @throws RangeError as {@link int} does. */
export function ints(values: readonly (number | bigint)[]): Attribute {
  return { kind: "ints", value: values.map(toInt64) };
}

/** A list of strings, stored as UTF-8. */
export function strings(values: readonly string[]): Attribute {
  return { kind: "strings", value: [...values] };
}

/** `AttributeProto.AttributeType`. */
const kindCodes = { float: 1, int: 2, string: 3, tensor: 4, floats: 6, ints: 7, strings: 8 } as const;

/** An attribute as the format has it. @throws RangeError | TypeError for a tensor whose parts do not fit. */
export function toAttributeProto(name: string, attribute: Attribute): AttributeProto {
  const header = { name, type: kindCodes[attribute.kind] };
  const encoder = new TextEncoder();
  switch (attribute.kind) {
    case "float":
      return { ...header, f: attribute.value };
    case "int":
      return { ...header, i: attribute.value };
    case "string":
      return { ...header, s: encoder.encode(attribute.value) };
    case "tensor":
      return { ...header, t: toTensorProto("", attribute.value) };
    case "floats":
      return { ...header, floats: attribute.value };
    case "ints":
      return { ...header, ints: attribute.value };
    case "strings":
      return { ...header, strings: attribute.value.map((text) => encoder.encode(text)) };
  }
}

/** Reads an attribute. @throws RangeError when it is of a kind that {@link Attribute} leaves out, such as a graph. */
export function fromAttributeProto(proto: AttributeProto): Attribute {
  const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
  switch (proto.type) {
    case kindCodes.float:
      return { kind: "float", value: proto.f ?? 0 };
    case kindCodes.int:
      return { kind: "int", value: proto.i ?? 0n };
    case kindCodes.string:
      return { kind: "string", value: decoder.decode(proto.s) };
    case kindCodes.tensor:
      return { kind: "tensor", value: fromTensorProto(proto.t ?? { dims: [] }) };
    case kindCodes.floats:
      return { kind: "floats", value: proto.floats ?? [] };
    case kindCodes.ints:
      return { kind: "ints", value: proto.ints ?? [] };
    case kindCodes.strings:
      return { kind: "strings", value: (proto.strings ?? []).map((bytes) => decoder.decode(bytes)) };
    default:
      throw new RangeError(`Attribute "${proto.name}" is of the kind ${proto.type}, which is not read here.`);
  }
}

function toInt64(value: number | bigint): bigint {
  if (typeof value === "number" && !Number.isSafeInteger(value)) {
    throw new RangeError(`An integer attribute cannot be ${value}: pass a safe integer or a bigint.`);
  }
  const integer = BigInt(value);
  if (integer !== BigInt.asIntN(64, integer)) {
    throw new RangeError(`An integer attribute has 64 bits, too few for ${value}.`);
  }
  return integer;
}
