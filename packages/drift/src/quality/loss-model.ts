import type { Random } from "@mlops/stats";

const rounds = 60;
const learningRate = 0.1;
const maximumDepth = 3;
const minimumLeaf = 20;
/** Cells of a feature; borders are quantiles of the reference. */
const cells = 32;

/** A cut of a tree, by place of its children; a leaf has no feature. */
interface Node {
  readonly feature: number;
  /** Cells up to this one go left. */
  readonly cell: number;
  readonly left: number;
  readonly right: number;
  readonly value: number;
}

/** Features in cells of the reference's quantiles. */
export class BinnedFeatures {
  readonly borders: readonly Float64Array[];

  /** @param features - One array for each feature, each with a value for every row. */
  constructor(features: readonly ArrayLike<number>[]) {
    this.borders = features.map((values) => {
      const sorted = Float64Array.from(values).sort();
      const found = new Set<number>();
      for (let cell = 1; cell < cells; cell += 1) {
        found.add(sorted[Math.floor((cell * sorted.length) / cells)]!);
      }
      return Float64Array.from(found);
    });
  }

  /** The cell of each value: the number of borders at or below it. */
  bin(features: readonly ArrayLike<number>[]): Uint8Array[] {
    return features.map((values, feature) =>
      Uint8Array.from(values, (value) => {
        const borders = this.borders[feature]!;
        let low = 0;
        let high = borders.length;
        while (low < high) {
          const middle = (low + high) >>> 1;
          if (borders[middle]! <= value) low = middle + 1;
          else high = middle;
        }
        return low;
      }),
    );
  }
}

/** Boosted regression trees of squared error on binned features (Friedman 2001): small, and enough for a loss. */
export class LossModel {
  readonly #base: number;
  readonly #trees: readonly (readonly Node[])[];

  private constructor(base: number, trees: readonly (readonly Node[])[]) {
    this.#base = base;
    this.#trees = trees;
  }

  /** Learns from the rows that `random` draws, with replacement. */
  static fit(binned: readonly Uint8Array[], losses: Float64Array, random: Random): LossModel {
    const rows = Int32Array.from(losses, () => random.integer(losses.length));
    let base = 0;
    for (const row of rows) base += losses[row]! / rows.length;
    const residuals = losses.map((loss) => loss - base);
    const trees: (readonly Node[])[] = [];
    for (let round = 0; round < rounds; round += 1) {
      const nodes: Node[] = [];
      grow(nodes, binned, residuals, rows, 0);
      trees.push(nodes);
      for (let row = 0; row < residuals.length; row += 1) {
        residuals[row]! -= learningRate * valueAt(nodes, binned, row);
      }
    }
    return new LossModel(base, trees);
  }

  /** The expected loss of a row. */
  predict(binned: readonly Uint8Array[], row: number): number {
    let sum = this.#base;
    for (const tree of this.#trees) sum += learningRate * valueAt(tree, binned, row);
    return sum;
  }
}

function valueAt(nodes: readonly Node[], binned: readonly Uint8Array[], row: number): number {
  let node = nodes[nodes.length - 1]!;
  while (node.feature >= 0) {
    node = nodes[binned[node.feature]![row]! <= node.cell ? node.left : node.right]!;
  }
  return node.value;
}

/** Adds the tree of these rows; its root comes last. Returns the root's place. */
function grow(
  nodes: Node[],
  binned: readonly Uint8Array[],
  targets: Float64Array,
  rows: Int32Array,
  depth: number,
): number {
  const cut = depth < maximumDepth ? bestCut(binned, targets, rows) : undefined;
  if (cut === undefined) {
    let sum = 0;
    for (const row of rows) sum += targets[row]!;
    return nodes.push({ feature: -1, cell: 0, left: 0, right: 0, value: sum / rows.length }) - 1;
  }
  const column = binned[cut.feature]!;
  const left = grow(
    nodes,
    binned,
    targets,
    rows.filter((row) => column[row]! <= cut.cell),
    depth + 1,
  );
  const right = grow(
    nodes,
    binned,
    targets,
    rows.filter((row) => column[row]! > cut.cell),
    depth + 1,
  );
  return nodes.push({ ...cut, left, right, value: 0 }) - 1;
}

/** The cut that lowers the squared error most; undefined when none leaves enough rows on both sides. */
function bestCut(
  binned: readonly Uint8Array[],
  targets: Float64Array,
  rows: Int32Array,
): { feature: number; cell: number } | undefined {
  const counts = new Float64Array(cells);
  const sums = new Float64Array(cells);
  let best: { feature: number; cell: number } | undefined;
  let total = 0;
  for (const row of rows) total += targets[row]!;
  let bestGain = (total * total) / rows.length + 1e-12;
  for (const [feature, column] of binned.entries()) {
    counts.fill(0);
    sums.fill(0);
    for (const row of rows) {
      counts[column[row]!]! += 1;
      sums[column[row]!]! += targets[row]!;
    }
    let count = 0;
    let sum = 0;
    for (let cell = 0; cell < cells - 1; cell += 1) {
      count += counts[cell]!;
      sum += sums[cell]!;
      if (count < minimumLeaf || rows.length - count < minimumLeaf) continue;
      const gain = (sum * sum) / count + (total - sum) ** 2 / (rows.length - count);
      if (gain <= bestGain) continue;
      bestGain = gain;
      best = { feature, cell };
    }
  }
  return best;
}
