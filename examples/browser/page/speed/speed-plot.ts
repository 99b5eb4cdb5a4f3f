import uPlot from "uplot";

/** A line of a {@link SpeedPlot}. */
export interface PlotLine {
  /** The custom property of the style sheet that has its colour. */
  readonly colour: `--${string}`;
  readonly label: string;
}

/** Seconds that a plot shows. */
const shownSeconds = 30;

/** Values over the last half minute, as lines. */
export class SpeedPlot {
  readonly #container: HTMLElement;
  readonly #lines: readonly PlotLine[];
  #rows: (readonly [seconds: number, ...values: readonly (number | undefined)[]])[] = [];
  #plot: uPlot;

  constructor(container: HTMLElement, lines: readonly PlotLine[]) {
    this.#container = container;
    this.#lines = lines;
    this.#plot = this.#draw();
    new ResizeObserver(() => this.#plot.setSize(this.#size())).observe(container);
    // The plot is a picture, which does not follow the style sheet by itself.
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => {
      this.#plot.destroy();
      this.#plot = this.#draw();
    });
  }

  /** Begins anew. */
  clear(): void {
    this.#rows = [];
    this.#plot.setData(this.#data());
  }

  /** Adds one value of each line; `undefined` leaves a gap. */
  add(seconds: number, values: readonly (number | undefined)[]): void {
    this.#rows = [...this.#rows.filter(([at]) => at >= seconds - shownSeconds), [seconds, ...values]];
    this.#plot.setData(this.#data());
  }

  #draw(): uPlot {
    const style = getComputedStyle(this.#container);
    const colour = (name: string): string => style.getPropertyValue(name);
    const font = `12px ${style.fontFamily}`;
    const axis = {
      stroke: colour("--soft"),
      font,
      grid: { stroke: colour("--line"), width: 1 },
      ticks: { show: false },
    };
    const options: uPlot.Options = {
      ...this.#size(),
      legend: { show: false },
      cursor: { show: false },
      scales: {
        x: { time: false, range: (_plot, _min, max) => this.#span(max) },
        y: { range: (_plot, _min, max) => [0, (max || 1) * 1.15] },
      },
      axes: [
        { ...axis, size: 28, values: (_plot, ticks) => ticks.map((tick) => `${tick} s`) },
        { ...axis, size: 52 },
      ],
      series: [
        {},
        ...this.#lines.map(({ colour: name, label }): uPlot.Series => ({
          label,
          stroke: colour(name),
          width: 2,
          points: { show: false },
        })),
      ],
    };
    return new uPlot(options, this.#data(), this.#container);
  }

  #size(): { width: number; height: number } {
    return { width: Math.max(200, this.#container.clientWidth), height: 180 };
  }

  #span(newest: number | null): [number, number] {
    const end = Math.max(shownSeconds, newest ?? 0);
    return [end - shownSeconds, end];
  }

  #data(): uPlot.AlignedData {
    const columns = this.#lines.map((_, index) => this.#rows.map((row) => row[index + 1]));
    return [this.#rows.map(([seconds]) => seconds), ...columns];
  }
}
