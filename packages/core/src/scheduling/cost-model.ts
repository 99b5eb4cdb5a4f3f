/**
 * How long a batch of `n` rows takes: `a·n + b`, learned from the batches that ran.
 *
 * It is a least-squares line in which older batches count for less: each new one makes the others
 * weigh 5 % less, so that about the last twenty matter. There is no training phase; before the
 * first batch it predicts 0, which refuses nobody.
 *
 * A batch that took more than twice as long as expected, or less than half, counts only once the next one
 * does the same. Then the truth has changed, and what was learned before hardly counts any more. So
 * one batch that was held up by something else changes nothing, and a change is believed after two.
 */
export class CostModel {
  #weight = 0;
  #rows = 0;
  #rowsSquared = 0;
  #milliseconds = 0;
  #product = 0;
  #perRowMs = 0;
  #fixedMs = 0;
  #deviationMs = 0;
  /** The last batch, if it was not as expected. */
  #surprise: Surprise | undefined;

  /** Milliseconds that each row adds. */
  get perRowMs(): number {
    return this.#perRowMs;
  }

  /** Milliseconds that a batch costs whatever its size. */
  get fixedMs(): number {
    return this.#fixedMs;
  }

  /** How far batches are from what is expected of them, on average. */
  get deviationMs(): number {
    return this.#deviationMs;
  }

  /** Whether any batch has been seen. */
  get isTrained(): boolean {
    return this.#weight > 0;
  }

  /** Learns from a batch of `rows` rows that took `milliseconds`. */
  observe(rows: number, milliseconds: number): void {
    const surprise = this.#surprise;
    this.#surprise = this.#judge(rows, milliseconds);
    if (this.#surprise === undefined) {
      if (this.#weight >= leastToBeSurprised)
        this.#learnDeviation(Math.abs(milliseconds - this.predictMs(rows)));
      this.#learn(rows, milliseconds, retention);
      return;
    }
    if (surprise?.isSlow !== this.#surprise.isSlow) return;
    this.#learn(surprise.rows, surprise.milliseconds, retentionAfterChange);
    this.#learn(rows, milliseconds, retention);
  }

  /** Milliseconds that a batch of `rows` rows is expected to take. */
  predictMs(rows: number): number {
    return this.#perRowMs * rows + this.#fixedMs;
  }

  #judge(rows: number, milliseconds: number): Surprise | undefined {
    if (this.#weight < leastToBeSurprised) return undefined;
    const expectedMs = this.predictMs(rows);
    const isSlow = milliseconds > 2 * expectedMs;
    if (!isSlow && 2 * milliseconds >= expectedMs) return undefined;
    return { rows, milliseconds, isSlow };
  }

  #learnDeviation(deviationMs: number): void {
    this.#deviationMs = retention * this.#deviationMs + (1 - retention) * deviationMs;
  }

  #learn(rows: number, milliseconds: number, retained: number): void {
    this.#weight = this.#weight * retained + 1;
    this.#rows = this.#rows * retained + rows;
    this.#rowsSquared = this.#rowsSquared * retained + rows * rows;
    this.#milliseconds = this.#milliseconds * retained + milliseconds;
    this.#product = this.#product * retained + rows * milliseconds;
    this.#fit();
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

/** A batch that was not as expected. */
interface Surprise {
  readonly rows: number;
  readonly milliseconds: number;
  readonly isSlow: boolean;
}

const retention = 0.95;
const retentionAfterChange = 0.01;
/** How much has to be known before anything is a surprise, in batches. */
const leastToBeSurprised = 3;
