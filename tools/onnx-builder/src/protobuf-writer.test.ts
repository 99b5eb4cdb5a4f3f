import fc from "fast-check";
import { parse } from "protobufjs";
import { expect, test } from "vitest";

import { ProtobufWriter } from "./protobuf-writer.ts";

const type = parse(`
  syntax = "proto2";
  message Sample {
    optional int64 long = 1;
    optional int32 small = 2;
    optional float real = 3;
    optional bytes data = 4;
    optional string text = 5;
    optional Sample inner = 16;
  }
`).root.lookupType("Sample");

test("any message reads back with another implementation", () => {
  const sample = fc.record({
    long: fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
    small: fc.integer(),
    real: fc.float({ noNaN: true }),
    data: fc.uint8Array(),
    text: fc.string({ unit: "grapheme" }),
  });
  fc.assert(
    fc.property(sample, sample, (outer, inner) => {
      const write = (
        writer: ProtobufWriter,
        { long, small, real, data, text }: typeof outer,
      ): ProtobufWriter =>
        writer.int64(1, long).int32(2, small).float(3, real).bytes(4, data).string(5, text);
      const bytes = write(new ProtobufWriter(), outer)
        .message(16, inner, (writer, message) => void write(writer, message))
        .finish();
      const read = type.toObject(type.decode(bytes), { longs: BigInt, bytes: Array });
      const plain = (message: typeof outer): object => ({ ...message, data: [...message.data] });
      expect(read).toEqual({ ...plain(outer), inner: plain(inner) });
    }),
    { numRuns: 200 },
  );
});
