import type { Drawing, Point, Stroke } from "../../symbols/strokes.ts";

/** What {@link DrawingBoard} is told. */
export interface DrawingBoardOptions {
  /** Is told of the drawing after each change; `isFinished` when no stroke is under way. */
  readonly onChange: (drawing: Drawing, isFinished: boolean) => void;
}

/** A canvas to draw on: with a mouse, a finger or a pen. */
export class DrawingBoard {
  readonly #canvas: HTMLCanvasElement;
  readonly #onChange: DrawingBoardOptions["onChange"];
  #strokes: readonly Stroke[] = [];
  #open: Point[] | undefined;

  constructor(canvas: HTMLCanvasElement, { onChange }: DrawingBoardOptions) {
    this.#canvas = canvas;
    this.#onChange = onChange;
    canvas.addEventListener("pointerdown", (event) => this.#begin(event));
    canvas.addEventListener("pointermove", (event) => this.#extend(event));
    for (const type of ["pointerup", "pointercancel"] as const) {
      canvas.addEventListener(type, () => this.#end());
    }
    new ResizeObserver(() => this.#paint()).observe(canvas);
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => this.#paint());
  }

  get drawing(): Drawing {
    return this.#strokes;
  }

  clear(): void {
    this.#replace([]);
  }

  undo(): void {
    this.#replace(this.#strokes.slice(0, -1));
  }

  /** Shows a drawing of any size in the middle. */
  show(drawing: Drawing): void {
    const points = drawing.flat();
    const [xs, ys] = [points.map(([x]) => x), points.map(([, y]) => y)];
    const [left, right] = [Math.min(...xs), Math.max(...xs)];
    const [top, bottom] = [Math.min(...ys), Math.max(...ys)];
    const scale = 0.6 / Math.max(right - left, bottom - top);
    this.#replace(
      drawing.map((stroke) =>
        stroke.map(([x, y]) => [(x - (left + right) / 2) * scale, (y - (top + bottom) / 2) * scale]),
      ),
    );
  }

  #begin(event: PointerEvent): void {
    if (event.button !== 0) return;
    this.#canvas.setPointerCapture(event.pointerId);
    this.#open = [this.#pointOf(event)];
    this.#changed(false);
  }

  #extend(event: PointerEvent): void {
    if (this.#open === undefined) return;
    const events = event.getCoalescedEvents();
    for (const each of events.length > 0 ? events : [event]) this.#open.push(this.#pointOf(each));
    this.#changed(false);
  }

  #end(): void {
    if (this.#open === undefined) return;
    this.#strokes = [...this.#strokes, this.#open];
    this.#open = undefined;
    this.#changed(true);
  }

  #replace(strokes: readonly Stroke[]): void {
    this.#open = undefined;
    this.#strokes = strokes;
    this.#changed(true);
  }

  #changed(isFinished: boolean): void {
    this.#paint();
    this.#onChange(this.#all(), isFinished);
  }

  #all(): Drawing {
    return this.#open === undefined ? this.#strokes : [...this.#strokes, [...this.#open]];
  }

  /** From the middle, in heights of the canvas, so that a drawing stays in the middle at another size. */
  #pointOf({ clientX, clientY }: PointerEvent): Point {
    const { left, top, width, height } = this.#canvas.getBoundingClientRect();
    return [(clientX - left - width / 2) / height, (clientY - top - height / 2) / height];
  }

  #paint(): void {
    const canvas = this.#canvas;
    const [width, height] = [canvas.clientWidth, canvas.clientHeight];
    const context = canvas.getContext("2d");
    if (context === null || height === 0) return;
    canvas.width = Math.round(width * devicePixelRatio);
    canvas.height = Math.round(height * devicePixelRatio);
    const scale = canvas.height;
    context.strokeStyle = getComputedStyle(canvas).color;
    context.lineWidth = scale / 32;
    context.lineCap = context.lineJoin = "round";
    context.translate(canvas.width / 2, canvas.height / 2);
    for (const stroke of this.#all()) {
      context.beginPath();
      for (const [x, y] of stroke) context.lineTo(x * scale, y * scale);
      const [first] = stroke;
      // A line of no length shows its round ends.
      if (stroke.length === 1 && first !== undefined) context.lineTo(first[0] * scale, first[1] * scale);
      context.stroke();
    }
  }
}
