/** A point of a stroke, in any unit: a drawing is brought to one size before it is recognised. */
export type Point = readonly [x: number, y: number];

/** What was drawn without lifting the pen. */
export type Stroke = readonly Point[];

/** Strokes in the order in which they were drawn. */
export type Drawing = readonly Stroke[];

/** Whether there is anything to recognise. */
export function isEmpty(drawing: Drawing): boolean {
  return drawing.every((stroke) => stroke.length === 0);
}
