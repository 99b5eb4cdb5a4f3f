import { make } from "../dom.ts";
import type { LoadState } from "./page-model.ts";

/** Shows in `container` how far a model is, and gives what is to be told of it. */
export function showLoadStatus(container: HTMLElement, label: string): (state: LoadState) => void {
  const id = `load-${label.toLowerCase()}`;
  const text = make("span", { className: "note" }, "waiting …");
  const bar = make("progress", { id, max: 1 });
  container.append(make("div", { className: "load" }, make("label", { htmlFor: id }, label), bar, text));
  return (state) => {
    const part = doneOf(state);
    if (part === undefined) bar.removeAttribute("value");
    else bar.value = part;
    text.textContent = describe(state);
    text.classList.toggle("wrong", state.phase === "failed");
  };
}

/** In [0, 1]; `undefined` where nobody knows. */
function doneOf(state: LoadState): number | undefined {
  switch (state.phase) {
    case "reading":
      return state.totalBytes === undefined ? undefined : state.loadedBytes / state.totalBytes;
    case "ready":
      return 1;
    case "failed":
      return 0;
    default:
      return undefined;
  }
}

function describe(state: LoadState): string {
  switch (state.phase) {
    case "reading": {
      const total = state.totalBytes === undefined ? "" : ` of ${megabytes(state.totalBytes)}`;
      return `${megabytes(state.loadedBytes)}${total} MB`;
    }
    case "waiting":
      return "waiting …";
    case "preparing":
      return "starting the runtime …";
    case "warming-up":
      return "first run …";
    case "ready": {
      const { info, milliseconds } = state;
      const place = info.execution === "worker" ? `${info.device}, in a worker` : info.device;
      const warnings = info.warnings.map(({ message }) => ` ${message}`).join("");
      return `ready on ${place}, after ${(milliseconds / 1000).toFixed(1)} s.${warnings}`;
    }
    case "failed":
      return state.message;
  }
}

function megabytes(bytes: number): string {
  return (bytes / 1e6).toFixed(1);
}
