import { expect, test } from "vitest";

import { ByteReader } from "./byte-reader.ts";
import { readSymbolTable } from "./symbol-table.ts";

test("nodes that overlap, and name thousands of children each, take no memory", () => {
  const [levels, children, stride] = [255, 3_001, 48];
  const bytes = new Uint8Array(stride * levels + 16 * children + 128);
  const view = new DataView(bytes.buffer);
  const heap = bytes.byteLength - 64;
  bytes.set(new TextEncoder().encode("HEAP"), heap);
  view.setBigUint64(heap + 24, BigInt(heap), true);
  for (let place = 32; place + 8 < heap; place += stride) {
    // Of each node this is where its last child stands.
    const next = place - 32 - 16 * (children - 1) + stride;
    view.setBigUint64(place, BigInt(Math.max(0, next)), true);
  }
  for (let level = 0; level < levels; level += 1) {
    const node = stride * level;
    bytes.set(new TextEncoder().encode("TREE"), node);
    view.setUint8(node + 5, levels - level);
    view.setUint16(node + 6, children, true);
  }
  expect(() => readSymbolTable(new ByteReader(bytes), 0, heap)).toThrow("go round in a circle");
});
