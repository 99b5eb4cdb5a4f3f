import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { repositoryRoot } from "../lib/repository.ts";

/** The share of requests that the candidate answers, from a moment on; both in [0, 1]. */
type Point = readonly [at: number, share: number];

/** What a picture shows: who answers over time, and what happens where a guardrail fails. */
interface Picture {
  readonly title: string;
  /** Steps, but for `smooth`. */
  readonly points: readonly Point[];
  readonly smooth?: boolean;
  /** When a guardrail fails, and everybody goes back; absent where nothing watches. */
  readonly fails?: number;
  /** From when until when the candidate gets copies of all requests. */
  readonly copies?: readonly [from: number, to: number];
  /** From when until when the version before is loaded and idle. */
  readonly warm?: readonly [from: number, to: number];
  /** Texts in the picture, where there is room. */
  readonly notes?: readonly { readonly at: Point; readonly text: string; readonly isOnBlue?: boolean }[];
}

const pictures: Readonly<Record<string, Picture>> = {
  direct: {
    title: "Direct: everybody has the candidate at once, and nothing watches",
    points: [[0.15, 1]],
  },
  shadow: {
    title: "Shadow: the candidate gets copies of the requests, and answers none",
    points: [],
    copies: [0.15, 0.85],
    fails: 0.8,
    notes: [{ at: [0.86, 0.35], text: "approval" }],
  },
  "blue-green": {
    title: "Blue-green: all at once, with the version before kept warm",
    points: [[0.15, 1]],
    fails: 0.4,
    warm: [0.15, 0.7],
  },
  canary: {
    title: "Canary: more and more keys, as long as the guardrails pass",
    points: [
      [0.12, 0.01],
      [0.24, 0.05],
      [0.36, 0.1],
      [0.48, 0.25],
      [0.64, 0.5],
      [0.8, 1],
    ],
    fails: 0.58,
  },
  "ab-test": {
    title: "A/B test: half and half until one is better for certain",
    points: [
      [0.15, 0.5],
      [0.75, 1],
    ],
    fails: 0.4,
    notes: [{ at: [0.77, 0.75], text: "it is better", isOnBlue: true }],
  },
  cohort: {
    title: "Cohort: first those whom a condition names, then a canary",
    points: [
      [0.12, 0.08],
      [0.45, 0.1],
      [0.55, 0.25],
      [0.67, 0.5],
      [0.8, 1],
    ],
    fails: 0.38,
    notes: [{ at: [0.14, 0.22], text: "the team, one country" }],
  },
  bandit: {
    title: "Bandit: the better it does, the more keys it has",
    points: [
      [0.12, 0.5],
      [0.3, 0.55],
      [0.5, 0.7],
      [0.7, 0.88],
      [1, 0.95],
    ],
    smooth: true,
    fails: 0.4,
  },
  "single-model": {
    title: "Single model: no second one beside it, and watched for ever",
    points: [[0.15, 1]],
    fails: 0.75,
    notes: [{ at: [0.3, 0.62], text: "back to the last healthy one", isOnBlue: true }],
  },
};

const [width, height] = [640, 190];
const plot = { left: 66, top: 34, right: 16, bottom: 42 } as const;

/** The pictures of `docs/strategies.md`, by file name. */
export function drawStrategies(): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(pictures).map(([name, picture]) => [`${name}.svg`, draw(picture)]),
  );
}

function draw(picture: Picture): string {
  const { title, copies, fails, warm, notes = [] } = picture;
  const area = areaOf(picture);
  return `${[
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" role="img" aria-label="${title}">`,
    // Mid tones, which can be read on white and on black alike: a picture in a page does not know its background.
    `<style>text{font:13px system-ui,sans-serif;fill:#767f8a}.title{font-weight:600;font-size:14px}.on{fill:#fff;font-weight:600}.fail{fill:#e5534b}</style>`,
    `<defs><pattern id="copies" width="8" height="8" patternUnits="userSpaceOnUse" patternTransform="rotate(45)"><rect width="3" height="8" fill="#3184e8"/></pattern></defs>`,
    `<text class="title" x="0" y="16">${title}</text>`,
    `<rect x="${x(0)}" y="${y(1)}" width="${x(1) - x(0)}" height="${y(0) - y(1)}" fill="#8b949e" fill-opacity="0.22"/>`,
    area === "" ? "" : `<path d="${area}" fill="#3184e8"/>`,
    copies === undefined
      ? ""
      : band(copies, 0.9, 0.6, "url(#copies)", "copies of requests, whose answers nobody gets"),
    warm === undefined ? "" : warmLine(warm),
    ...labelsOf(picture),
    ...notes.map(
      ({ at: [at, share], text, isOnBlue }) =>
        `<text${isOnBlue === true ? ' class="on"' : ""} x="${x(at)}" y="${y(share)}">${text}</text>`,
    ),
    fails === undefined ? "" : failLine(fails, picture),
    axis(fails === undefined),
    `</svg>`,
  ]
    .filter((line) => line !== "")
    .join("\n")}\n`;
}

function x(at: number): number {
  return Math.round(plot.left + at * (width - plot.left - plot.right));
}

function y(share: number): number {
  return Math.round(height - plot.bottom - share * (height - plot.top - plot.bottom));
}

/** The part of the candidate, as a path. */
function areaOf({ points, smooth = false }: Picture): string {
  const [first] = points;
  if (first === undefined) return "";
  let path = `M${x(first[0])} ${y(0)}V${y(first[1])}`;
  for (const [index, [at, share]] of points.entries()) {
    if (index === 0) continue;
    path += smooth ? `L${x(at)} ${y(share)}` : `H${x(at)}V${y(share)}`;
  }
  return `${path}H${x(1)}V${y(0)}Z`;
}

function labelsOf({ points, copies }: Picture): string[] {
  const stable = `<text x="${x(0) + 8}" y="${y(0.5) + 4}">1.0</text>`;
  const isAll = points.some(([, share]) => share > 0.9);
  if (copies !== undefined || !isAll) return [stable];
  return [stable, `<text class="on" x="${x(1) - 30}" y="${y(0.5) + 4}">1.1</text>`];
}

function band(
  [from, to]: readonly [number, number],
  top: number,
  bottom: number,
  fill: string,
  text: string,
): string {
  const box = `<rect x="${x(from)}" y="${y(top)}" width="${x(to) - x(from)}" height="${y(bottom) - y(top)}" fill="${fill}" fill-opacity="0.8"/>`;
  return `${box}<text x="${x(from)}" y="${y(bottom) + 18}">${text}</text>`;
}

function warmLine([from, to]: readonly [number, number]): string {
  const place = y(0.88);
  const line = `<path d="M${x(from) + 6} ${place}H${x(to)}" stroke="#fff" stroke-width="2" stroke-dasharray="6 5" fill="none"/>`;
  return `${line}<text class="on" x="${x(to) + 6}" y="${place + 4}">1.0 kept warm</text>`;
}

/** Where a guardrail fails: the line of the weight falls to nothing. */
function failLine(at: number, { points, copies }: Picture): string {
  const share = copies === undefined ? (points.findLast(([from]) => from <= at)?.[1] ?? 0) : 0.75;
  const [place, from] = [x(at), y(Math.max(share, 0.12))];
  // On white, as red on blue is hard to see.
  const halo = `<path d="M${place} ${from}V${y(0)}" stroke="#fff" stroke-width="5"/>`;
  const line = `${halo}<path d="M${place} ${from}V${y(0)}" stroke="#e5534b" stroke-width="2.5" stroke-dasharray="5 4"/>`;
  // Between what stands on the left and the picture's end.
  const textAt = Math.min(Math.max(place, x(0.2)), x(1) - 232);
  const head = `<path d="M${place - 5} ${y(0) - 8}L${place} ${y(0)}L${place + 5} ${y(0) - 8}" fill="none" stroke="#e5534b" stroke-width="2.5"/>`;
  return `${line}${head}<text class="fail" x="${textAt}" y="${y(0) + 32}">a guardrail fails: everybody goes back</text>`;
}

function axis(isUnwatched: boolean): string {
  const ticks = [0, 0.5, 1].map(
    (share) => `<text x="${plot.left - 8}" y="${y(share) + 4}" text-anchor="end">${share * 100} %</text>`,
  );
  const looks = Array.from(
    { length: 41 },
    (_, index) => `<circle cx="${x(0.025 * index)}" cy="${y(0) + 8}" r="1.6" fill="#767f8a"/>`,
  );
  const watched = isUnwatched
    ? `<text x="${plot.left}" y="${y(0) + 32}">nobody looks</text>`
    : `${looks.slice(4).join("")}<text x="${plot.left}" y="${y(0) + 32}">guardrails look</text>`;
  return `${ticks.join("")}${watched}`;
}

const folder = join(repositoryRoot, "docs/strategies");

/** The pictures that are not as they would be drawn. */
export function findOutdatedPictures(): string[] {
  return Object.entries(drawStrategies())
    .filter(([name, svg]) => readText(join(folder, name)) !== svg)
    .map(([name]) => name);
}

function readText(path: string): string | undefined {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return undefined;
  }
}

/** Writes the pictures. */
export function writePictures(): void {
  mkdirSync(folder, { recursive: true });
  for (const [name, svg] of Object.entries(drawStrategies())) writeFileSync(join(folder, name), svg);
}
