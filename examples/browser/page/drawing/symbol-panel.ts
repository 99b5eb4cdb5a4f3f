import { samples } from "../../symbols/samples.ts";
import { type Drawing, isEmpty } from "../../symbols/strokes.ts";
import type { SymbolGuess } from "../../symbols/symbol-model.ts";
import { byId, make } from "../dom.ts";
import { latestOnly } from "../latest-only.ts";
import { messageOf } from "../message-of.ts";
import type { PageModel } from "../models/page-model.ts";
import { DrawingBoard } from "./drawing-board.ts";

/** The part of the page in which symbols are drawn and recognised. */
export interface SymbolPanel {
  /** What is drawn now. */
  readonly drawing: () => Drawing;
  /** Recognises it again, as on another device. */
  readonly refresh: () => void;
}

/** Recognises what is drawn while it is drawn. */
export function showSymbolPanel(model: PageModel<Drawing, readonly SymbolGuess[]>): SymbolPanel {
  const guesses = byId("guesses", HTMLOListElement);
  const spoken = byId("guess-spoken", HTMLParagraphElement);

  const recognise = latestOnly(async (drawing: Drawing, isFinished: boolean) => {
    if (isEmpty(drawing)) {
      guesses.replaceChildren(make("li", { className: "hint" }, "Draw with a mouse, a finger or a pen."));
      spoken.textContent = "";
      return;
    }
    try {
      const found = await model.predict(drawing);
      if (found === undefined) return;
      guesses.replaceChildren(...found.map(guessItem));
      const [best] = found;
      // A voice that followed each stroke would never finish.
      if (isFinished && best !== undefined) spoken.textContent = `${best.name}, ${percent(best.probability)}`;
    } catch (error) {
      guesses.replaceChildren(make("li", { className: "hint wrong" }, messageOf(error)));
    }
  });

  const board = new DrawingBoard(byId("board", HTMLCanvasElement), { onChange: recognise });
  byId("undo", HTMLButtonElement).addEventListener("click", () => board.undo());
  byId("clear", HTMLButtonElement).addEventListener("click", () => board.clear());
  byId("samples", HTMLDivElement).append(
    ...samples.map(({ name, character, drawing }) => {
      const button = make("button", { type: "button", className: "sample", ariaLabel: name }, character);
      button.addEventListener("click", () => board.show(drawing));
      return button;
    }),
  );
  board.show(samples[0]!.drawing);
  return { drawing: () => board.drawing, refresh: () => recognise(board.drawing, true) };
}

function guessItem({ character, name, probability }: SymbolGuess): HTMLLIElement {
  const bar = make("meter", { value: probability, max: 1 });
  bar.setAttribute("aria-hidden", "true");
  return make(
    "li",
    {},
    make("span", { className: "character" }, character),
    make("span", { className: "name" }, name),
    bar,
    make("span", { className: "number" }, percent(probability)),
  );
}

function percent(fraction: number): string {
  if (fraction < 0.001) return "< 0.1 %";
  return `${(fraction * 100).toFixed(fraction < 0.1 ? 1 : 0)} %`;
}
