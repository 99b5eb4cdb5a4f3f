import { make } from "../dom.ts";
import type { DeviceChoice } from "./device-choice.ts";

/** What {@link showDevicePicker} is told. */
export interface DevicePickerOptions {
  readonly choices: readonly DeviceChoice[];
  readonly chosen: DeviceChoice;
  readonly onChoose: (choice: DeviceChoice) => void;
}

/** Shows the devices as radio buttons: those that are not there, too, with the reason. */
export function showDevicePicker(
  container: HTMLElement,
  { choices, chosen, onChoose }: DevicePickerOptions,
): void {
  container.replaceChildren(
    ...choices.map((choice) => {
      const radio = make("input", {
        type: "radio",
        name: "device",
        id: `device-${choice.id}`,
        checked: choice === chosen,
        disabled: !choice.isAvailable,
      });
      radio.setAttribute("aria-describedby", `device-${choice.id}-detail`);
      radio.addEventListener("change", () => onChoose(choice));
      const label = make("label", { htmlFor: radio.id }, choice.label);
      const detail = make("span", { id: `device-${choice.id}-detail`, className: "note" }, choice.detail);
      return make("div", { className: "device" }, radio, label, detail);
    }),
  );
}
