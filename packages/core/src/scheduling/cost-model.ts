/**
 * How long a batch of `n` rows takes: `a·n + b`, learned from the batches that ran.
 *
 * It is a least-squares line in which older batches count for less: each new one makes the others
 * weigh 5 % less, so that about the last twenty matter. There is no training phase; before the
 * first batch it predicts 0, which refuses nobody.
 */
export class CostModel {
  #weight = 0;
  #rows = 0;
  #rowsSquared = 0;
  #milliseconds = 0;
  #product = 0;
  #perRowMs = 0;
  #fixedMs = 0;

  /** Milliseconds that each row adds. */
  get perRowMs(): number {
    return this.#perRowMs;
  }

  /** Milliseconds that a batch costs whatever its size. */
  get fixedMs(): number {
    return this.#fixedMs;
  }

  /** Whether any batch has been seen. */
  get isTrained(): boolean {
    return this.#weight > 0;
  }

  /** Learns from a batch of `rows` rows that took `milliseconds`. */
  observe(rows: number, milliseconds: number): void {
    this.#weight = this.#weight * retention + 1;
    this.#rows = this.#rows * retention + rows;
    this.#rowsSquared = this.#rowsSquared * retention + rows * rows;
    this.#milliseconds = this.#milliseconds * retention + milliseconds;
    this.#product = this.#product * retention + rows * milliseconds;
    this.#fit();
  }

  /** Milliseconds that a batch of `rows` rows is expected to take. */
  predictMs(rows: number): number {
    return this.#perRowMs * rows + this.#fixedMs;
  }

  #fit(): void {
    const meanRows = this.#rows / this.#weight;
    const meanMs = this.#milliseconds / this.#weight;
    const variance = this.#rowsSquared / this.#weight - meanRows * meanRows;
    const covariance = this.#product / this.#weight - meanRows * meanMs;
    // With batches of one size only, a line has no slope: then every row costs the same, which
    // overestimates larger batches rather than smaller ones.
    const slope = variance > 1e-9 * meanRows * meanRows ? covariance / variance : meanMs / meanRows;
    // Neither a row nor a batch takes negative time, whatever the noise says.
    this.#perRowMs = Math.min(Math.max(slope, 0), meanMs / meanRows);
    this.#fixedMs = Math.max(meanMs - this.#perRowMs * meanRows, 0);
  }
}

const retention = 0.95;
