// First, as it is about what the other modules do while they are loaded.
import "./without-eval.ts";

import { type DeviceChoice, findDeviceChoices, preferredChoice } from "./devices/device-choice.ts";
import { showDevicePicker } from "./devices/device-picker.ts";
import { byId } from "./dom.ts";
import { showSymbolPanel } from "./drawing/symbol-panel.ts";
import { definePrices, defineSymbols } from "./models/define-models.ts";
import { showLoadStatus } from "./models/load-status.ts";
import { PageModel } from "./models/page-model.ts";
import { keepOffline } from "./offline/keep-offline.ts";
import { showPricePanel } from "./price/price-panel.ts";
import { compareWithServer } from "./server/compare.ts";
import { showComparePanel } from "./server/compare-panel.ts";
import { runOf, showSpeedPanel } from "./speed/speed-panel.ts";

const loads = byId("loads", HTMLDivElement);
const offline = byId("offline", HTMLParagraphElement);
const symbols = new PageModel({
  label: "Symbols",
  define: defineSymbols,
  onState: showLoadStatus(loads, "Symbols"),
});
const prices = new PageModel({
  label: "Prices",
  define: definePrices,
  onState: showLoadStatus(loads, "Prices"),
});

const choices = await findDeviceChoices();
const chosen = preferredChoice(choices);
const use = async (choice: DeviceChoice): Promise<void> => {
  const moved = Promise.all([symbols.use(choice), prices.use(choice)]);
  symbolPanel.refresh();
  pricePanel.refresh();
  speedPanel.restart();
  await moved;
  const isKept = await keepOffline(choice.runtime).catch(() => false);
  offline.textContent = isKept
    ? "From the next visit on, the page works without a network."
    : "This browser could not keep the page for visits without a network.";
};

const symbolPanel = showSymbolPanel(symbols);
const pricePanel = showPricePanel(prices);
const speedPanel = showSpeedPanel({
  symbols: {
    open: async () => {
      const opened = await symbols.opened();
      return opened && runOf(opened.predictor, symbolPanel.drawing);
    },
  },
  prices: {
    open: async () => {
      const opened = await prices.opened();
      return opened && runOf(opened.predictor, pricePanel.device);
    },
  },
});
showComparePanel([
  {
    label: "Symbols",
    compare: async () => {
      const opened = await symbols.opened();
      return opened && compareWithServer(opened, symbolPanel.drawing());
    },
  },
  {
    label: "Prices",
    compare: async () => {
      const opened = await prices.opened();
      return opened && compareWithServer(opened, pricePanel.device());
    },
  },
]);
showDevicePicker(byId("devices", HTMLFieldSetElement), {
  choices,
  chosen,
  onChoose: (choice) => void use(choice),
});
await use(chosen);
