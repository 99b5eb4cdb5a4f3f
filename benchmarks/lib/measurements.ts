import { median } from "./median.ts";

/** What is measured: a figure such as `requests/s`, of one subject. */
interface Key {
  readonly figure: string;
  readonly subject: string;
}

/** Values by figure, subject and round. */
export class Measurements {
  readonly #rounds = new Map<string, Map<string, number[]>>();

  /** Adds the value of the next round. */
  add({ figure, subject }: Key, value: number): void {
    const subjects = this.#rounds.get(figure) ?? new Map<string, number[]>();
    this.#rounds.set(figure, subjects.set(subject, [...(subjects.get(subject) ?? []), value]));
  }

  /** The median over the rounds; undefined for what was not measured. */
  value(key: Key): number | undefined {
    const values = this.#values(key);
    return values.length === 0 ? undefined : median(values);
  }

  /**
   * The median of the rounds' ratios. Each divides two values that were measured moments apart, so
   * that what slows down the machine for a while cancels out.
   *
   * @returns Undefined when one of both was not measured, or a ratio is not finite.
   */
  ratio(key: Key, against: string): number | undefined {
    const ratios = this.#ratios(key, against);
    return ratios && median(ratios);
  }

  /** The least and the most of the rounds' ratios: how far the {@link ratio} can be trusted. */
  ratioRange(key: Key, against: string): [least: number, most: number] | undefined {
    const ratios = this.#ratios(key, against);
    return ratios && [Math.min(...ratios), Math.max(...ratios)];
  }

  #ratios(key: Key, against: string): readonly number[] | undefined {
    const others = this.#values({ ...key, subject: against });
    const ratios = this.#values(key)
      .slice(0, others.length)
      .map((value, round) => value / others[round]!);
    return ratios.length > 0 && ratios.every(Number.isFinite) ? ratios : undefined;
  }

  #values({ figure, subject }: Key): readonly number[] {
    return this.#rounds.get(figure)?.get(subject) ?? [];
  }
}
