import type { Device } from "@mlops/example-device-price/device";

/** A field of the form. */
export interface PriceField {
  readonly name: keyof Device;
  readonly label: string;
  /** What it starts with. */
  readonly value: string;
  readonly kind: "text" | "number" | "yes-no";
  /** What can be chosen; any value where there are none. */
  readonly options?: readonly string[];
  /** Whether it is shown from the start. */
  readonly isMain?: boolean;
}

/** The fields of the device-price form, in their order. */
export const priceFields: readonly PriceField[] = [
  { name: "brand", label: "Brand", value: "Samsung", kind: "text", isMain: true },
  {
    name: "os",
    label: "System",
    value: "Android",
    kind: "text",
    options: ["Android", "iOS", "Windows", "Others"],
    isMain: true,
  },
  { name: "newPriceEur", label: "Price when new (€)", value: "250", kind: "number", isMain: true },
  { name: "releaseYear", label: "Year of release", value: "2019", kind: "number", isMain: true },
  { name: "daysUsed", label: "Days in use", value: "300", kind: "number", isMain: true },
  { name: "ramGb", label: "Main memory (GB)", value: "4", kind: "number", isMain: true },
  { name: "storageGb", label: "Storage (GB)", value: "64", kind: "number", isMain: true },
  { name: "batteryMah", label: "Battery (mAh)", value: "3500", kind: "number", isMain: true },
  { name: "screenCm", label: "Screen diagonal (cm)", value: "15.5", kind: "number" },
  { name: "rearCameraMp", label: "Main camera (MP)", value: "12", kind: "number" },
  { name: "frontCameraMp", label: "Front camera (MP)", value: "8", kind: "number" },
  { name: "weightGrams", label: "Weight (grams)", value: "", kind: "number" },
  { name: "has4g", label: "4G", value: "yes", kind: "yes-no", options: ["yes", "no"] },
  { name: "has5g", label: "5G", value: "no", kind: "yes-no", options: ["yes", "no"] },
];

/** The device that was typed in. What is no number stays a text, which the model's schema refuses with the reason. */
export function readDevice(form: FormData): Device {
  const entries = priceFields.flatMap(({ name, kind }) => {
    const text = form.get(name);
    // A form without files has texts only.
    if (typeof text !== "string" || text.trim() === "") return [];
    return [[name, parse(text.trim(), kind)] as const];
  });
  return Object.fromEntries(entries);
}

function parse(text: string, kind: PriceField["kind"]): unknown {
  if (kind === "yes-no") return text === "yes";
  const number = kind === "number" ? Number(text.replace(",", ".")) : Number.NaN;
  return Number.isNaN(number) ? text : number;
}
