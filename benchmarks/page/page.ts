import { startSubject } from "./subjects.ts";

/** What a page went through while it predicted. */
export interface PageResult {
  /** The time between one frame and the next, for each. */
  readonly frameGapsMs: readonly number[];
  /** Tasks of the page's thread that took more than 50 ms. */
  readonly longTasksMs: readonly number[];
  readonly predictionsMs: readonly number[];
  readonly durationMs: number;
  /** The first number of the last answer; none of nobody's. */
  readonly answer: number | undefined;
}

/** Draws frames for `durationMs`, as an animation does, while a subject predicts in a closed loop. */
async function measure(title: string, durationMs: number): Promise<PageResult> {
  const model = new Uint8Array(await (await fetch("/model.onnx")).arrayBuffer());
  const subject = await startSubject[title]!(model);
  let answer = title === "nothing" ? undefined : await subject.predict();
  // What loading has left to do is done.
  await new Promise((resolve) => setTimeout(resolve, 500));

  const longTasksMs: number[] = [];
  const observer = new PerformanceObserver((list) => {
    for (const { startTime, duration } of list.getEntries()) {
      if (startTime >= startedAt) longTasksMs.push(duration);
    }
  });
  observer.observe({ type: "longtask" });
  const frameGapsMs: number[] = [];
  const predictionsMs: number[] = [];
  const startedAt = performance.now();
  let isOver = false;
  const predictForever = async (): Promise<void> => {
    while (!isOver) {
      const askedAt = performance.now();
      answer = await subject.predict();
      predictionsMs.push(performance.now() - askedAt);
      // A run on the page's thread answers without a turn of the event loop: nothing would be drawn again.
      await new Promise((resolve) => setTimeout(resolve, 0));
    }
  };
  const predicting = predictForever();
  await new Promise<void>((resolve) => {
    let last = performance.now();
    const mover = document.querySelector<HTMLElement>("#mover")!;
    const draw = (): void => {
      const now = performance.now();
      frameGapsMs.push(now - last);
      last = now;
      mover.style.transform = `translateX(${(now / 10) % 300}px)`;
      if (now - startedAt < durationMs) requestAnimationFrame(draw);
      else resolve();
    };
    requestAnimationFrame(draw);
  });
  const duration = performance.now() - startedAt;
  isOver = true;
  if (title !== "nothing") await predicting;
  // Entries come in a task of their own.
  await new Promise((resolve) => setTimeout(resolve, 100));
  observer.disconnect();
  await subject.close();
  return { frameGapsMs, longTasksMs, predictionsMs, durationMs: duration, answer };
}

declare global {
  /** What the driver calls. */
  var measurePage: typeof measure;
}
globalThis.measurePage = measure;
