/** How smooth the page is. */
export interface FrameReading {
  /** Frames of the last second. */
  readonly framesPerSecond: number;
  /** Tasks of over 50 ms on the page's thread since the start; `undefined` where the browser does not tell. */
  readonly longTasks: number | undefined;
}

/** Watches the page's frames and long tasks, until it is aborted. */
export function watchFrames(onReading: (reading: FrameReading) => void, signal: AbortSignal): void {
  const isTold = PerformanceObserver.supportedEntryTypes.includes("longtask");
  let longTasks = 0;
  const observer = new PerformanceObserver((list) => (longTasks += list.getEntries().length));
  if (isTold) observer.observe({ type: "longtask" });
  signal.addEventListener("abort", () => observer.disconnect());

  let frames = 0;
  let since = performance.now();
  const onFrame = (now: number): void => {
    if (signal.aborted) return;
    frames += 1;
    if (now - since >= 1000) {
      onReading({
        framesPerSecond: (frames * 1000) / (now - since),
        longTasks: isTold ? longTasks : undefined,
      });
      [frames, since] = [0, now];
    }
    requestAnimationFrame(onFrame);
  };
  requestAnimationFrame(onFrame);
}
