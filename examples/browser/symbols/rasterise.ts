import type { Drawing, Point } from "./strokes.ts";

/** Pixels of a side of the picture that the model takes. */
export const pictureSize = 224;

/** Pixels that stay free on each side, and the width of a line. */
const margin = 10;
const lineWidth = 8;

/**
 * The picture of a drawing as the symbol model was trained on them: white lines, 8 pixels wide, on
 * black, the drawing in the middle and 204 pixels wide or high. It is computed here, and not by a
 * canvas, so that page and server get the same picture to the last bit.
 *
 * @returns Brightness in [0, 1], in steps of 1/255, row by row: `pictureSize` squared of them.
 */
export function rasterise(drawing: Drawing): Float32Array {
  const picture = new Float32Array(pictureSize * pictureSize);
  for (const stroke of fit(drawing)) {
    for (const [index, point] of stroke.entries()) drawLine(picture, stroke[index - 1] ?? point, point);
  }
  return picture;
}

/** Brings a drawing into the middle of the picture, as large as the margins allow. */
function fit(drawing: Drawing): readonly Point[][] {
  let [left, top, right, bottom] = [Infinity, Infinity, -Infinity, -Infinity];
  for (const [x, y] of drawing.flat()) {
    [left, right] = [Math.min(left, x), Math.max(right, x)];
    [top, bottom] = [Math.min(top, y), Math.max(bottom, y)];
  }
  const extent = Math.max(right - left, bottom - top);
  const scale = extent > 0 ? (pictureSize - 2 * margin) / extent : 1;
  const place = (value: number, from: number, to: number): number =>
    Math.round((value - (from + to) / 2) * scale + pictureSize / 2);
  return drawing.map((stroke) => stroke.map(([x, y]) => [place(x, left, right), place(y, top, bottom)]));
}

/** Draws a line with round ends: a pixel is as bright as its distance from the line says. */
function drawLine(picture: Float32Array, [fromX, fromY]: Point, [toX, toY]: Point): void {
  const [deltaX, deltaY] = [toX - fromX, toY - fromY];
  const lengthSquared = deltaX ** 2 + deltaY ** 2;
  const reach = lineWidth / 2 + 1;
  const [firstRow, lastRow] = span(fromY, toY, reach);
  const [firstColumn, lastColumn] = span(fromX, toX, reach);
  for (let row = firstRow; row <= lastRow; row += 1) {
    for (let column = firstColumn; column <= lastColumn; column += 1) {
      // The middle of the pixel, from the start of the line.
      const [x, y] = [column + 0.5 - fromX, row + 0.5 - fromY];
      const along = lengthSquared === 0 ? 0 : (x * deltaX + y * deltaY) / lengthSquared;
      const nearest = Math.min(1, Math.max(0, along));
      const distance = Math.hypot(x - nearest * deltaX, y - nearest * deltaY);
      const coverage = Math.min(1, Math.max(0, lineWidth / 2 + 0.5 - distance));
      const pixel = row * pictureSize + column;
      picture[pixel] = Math.max(picture[pixel]!, Math.round(coverage * 255) / 255);
    }
  }
}

function span(from: number, to: number, reach: number): readonly [first: number, last: number] {
  return [
    Math.max(0, Math.floor(Math.min(from, to) - reach)),
    Math.min(pictureSize - 1, Math.ceil(Math.max(from, to) + reach)),
  ];
}
