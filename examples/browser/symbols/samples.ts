import type { Drawing, Point } from "./strokes.ts";

/** A drawing, and the symbol that it shows. */
export interface Sample {
  readonly name: string;
  readonly character: string;
  readonly drawing: Drawing;
}

/** Drawings for those who cannot draw, or will not: by mouse, by touch or at all. */
export const samples: readonly Sample[] = [
  { name: "infinity", character: "∞", drawing: [curve(64, (t) => [Math.sin(t), Math.sin(t) * Math.cos(t)])] },
  {
    name: "arrow",
    character: "→",
    drawing: [
      [
        [0, 0],
        [10, 0],
      ],
      [
        [7, -2.5],
        [10, 0],
        [7, 2.5],
      ],
    ],
  },
  {
    name: "for all",
    character: "∀",
    drawing: [
      [
        [0, 0],
        [5, 10],
        [10, 0],
      ],
      [
        [2, 4],
        [8, 4],
      ],
    ],
  },
  {
    name: "sum",
    character: "∑",
    drawing: [
      [
        [9, 1.5],
        [8.5, 0],
        [0, 0],
        [5, 5.5],
        [0, 11],
        [8.5, 11],
        [9, 9.5],
      ],
    ],
  },
  {
    name: "subset",
    character: "⊂",
    drawing: [[[9, -4], ...curve(24, (t) => [-4 * Math.sin(t / 2) + 4, -4 * Math.cos(t / 2)]), [9, 4]]],
  },
  {
    name: "integral",
    character: "∫",
    drawing: [
      [
        [6, 0.9],
        [5.4, 0.2],
        [4.6, 0.2],
        [4, 1],
        [3.7, 2.5],
        [3.3, 7.5],
        [3, 9],
        [2.4, 9.8],
        [1.6, 9.8],
        [1, 9.1],
      ],
    ],
  },
];

/** Points of a curve whose parameter goes round once, from 0 to 2π. */
function curve(count: number, at: (t: number) => Point): Point[] {
  return Array.from({ length: count + 1 }, (_, index) => at((2 * Math.PI * index) / count));
}
