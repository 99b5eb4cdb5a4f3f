import { InvalidInputError } from "@mlops/core";
import type { Device } from "@mlops/example-device-price/device";
import type { DevicePrice } from "@mlops/example-device-price/device-price-model";

import { byId, make } from "../dom.ts";
import { latestOnly } from "../latest-only.ts";
import { messageOf } from "../message-of.ts";
import type { PageModel } from "../models/page-model.ts";
import { type PriceField, priceFields, readDevice } from "./price-fields.ts";

/** The part of the page in which a device is priced. */
export interface PricePanel {
  /** What is typed in now. */
  readonly device: () => Device;
  /** Prices it again, as on another device. */
  readonly refresh: () => void;
}

/** Prices a device while it is typed in. */
export function showPricePanel(model: PageModel<Device, DevicePrice>): PricePanel {
  const form = byId("price-form", HTMLFormElement);
  const price = byId("price", HTMLOutputElement);
  const notes = byId("price-notes", HTMLSpanElement);
  const [main, more] = [byId("main-fields", HTMLDivElement), byId("more-fields", HTMLDivElement)];
  for (const field of priceFields) (field.isMain === true ? main : more).append(fieldControl(field));

  const device = (): Device => readDevice(new FormData(form));
  const estimate = latestOnly(async () => {
    try {
      const found = await model.predict(device());
      if (found === undefined) return;
      showIssues([]);
      price.value = euros.format(found.priceEur);
      notes.textContent = describe(found);
    } catch (error) {
      price.value = "–";
      if (!InvalidInputError.isInstance(error)) {
        notes.textContent = messageOf(error);
        return;
      }
      showIssues(error.issues.map(({ path, message }) => ({ name: path.join("."), message })));
      notes.textContent = error.issues.every(({ path }) => path.length === 0)
        ? "Fill in at least one field."
        : "Some fields need another look.";
    }
  });

  form.addEventListener("input", estimate);
  form.addEventListener("submit", (event) => event.preventDefault());
  return { device, refresh: estimate };
}

const euros = new Intl.NumberFormat("en", { style: "currency", currency: "EUR" });

function fieldControl({ name, label, value, kind, options }: PriceField): HTMLDivElement {
  const id = `field-${name}`;
  const control =
    options === undefined
      ? make("input", { id, name, value, autocomplete: "off", inputMode: kind === "number" ? "decimal" : "" })
      : make(
          "select",
          { id, name },
          ...["", ...options].map((option) => new Option(option || "not known", option)),
        );
  control.value = value;
  control.setAttribute("aria-describedby", `${id}-hint`);
  const hint = make("span", { id: `${id}-hint`, className: "wrong" });
  return make("div", { className: "field" }, make("label", { htmlFor: id }, label), control, hint);
}

/** Marks the fields that the model's schema refuses, and those alone. */
function showIssues(issues: readonly { readonly name: string; readonly message: string }[]): void {
  for (const { name } of priceFields) {
    const message = issues.find((issue) => issue.name === name)?.message ?? "";
    byId(`field-${name}-hint`, HTMLSpanElement).textContent = message;
    const control = byId(`field-${name}`, HTMLElement);
    if (message === "") control.removeAttribute("aria-invalid");
    else control.setAttribute("aria-invalid", "true");
  }
}

function describe({ imputedFields, unseenFields, outOfRangeFields }: DevicePrice): string {
  const sentence = (start: string, names: readonly (keyof Device)[]): string =>
    names.length === 0 ? "" : `${start}: ${names.map(labelOf).join(", ")}.`;
  return [
    sentence("Estimated without", imputedFields),
    sentence("Never seen in training", unseenFields),
    sentence("Outside what training saw", outOfRangeFields),
  ]
    .filter((text) => text !== "")
    .join(" ");
}

function labelOf(name: keyof Device): string {
  return priceFields.find((field) => field.name === name)?.label ?? name;
}
