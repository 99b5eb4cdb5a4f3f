import { mkdirSync, statSync } from "node:fs";

import type { FastifyInstance } from "fastify";
import { type Browser, chromium, type Page } from "playwright-core";
import { afterAll, beforeAll, expect, it } from "vitest";

import { describeWith, requirement } from "../../scripts/test/requirement.ts";
import { openPriceServer } from "./testing/open-price-server.ts";

const screenshots = new URL("../../.cache/screenshots/", import.meta.url);

describeWith(requirement("chromium"), "the page at /", ({ path }) => {
  let app: FastifyInstance;
  let url: string;
  let browser: Browser;
  let page: Page;
  const problems: string[] = [];

  beforeAll(async () => {
    ({ app, url } = await openPriceServer());
    browser = await chromium.launch({
      executablePath: path,
      args: ["--no-sandbox", "--disable-quic", "--no-first-run", "--disable-background-networking"],
    });
    page = await browser.newPage({ viewport: { width: 1000, height: 760 }, colorScheme: "light" });
    page.on("pageerror", (error) => problems.push(error.message));
    page.on("console", (message) => {
      // A refused request is part of what is tested; anything else that the console says is not.
      if (message.type() === "error" && !message.text().includes("400")) problems.push(message.text());
    });
    await page.goto(url);
  });

  afterAll(async () => {
    await browser.close();
    await app.close();
  });

  const screenshot = async (name: string): Promise<void> => {
    mkdirSync(screenshots, { recursive: true });
    const file = new URL(name, screenshots);
    await page.screenshot({ path: file.pathname, fullPage: true });
    expect(statSync(file).size).toBeGreaterThan(10_000);
  };

  it("shows the price of what was typed in, as the server gives it", async () => {
    await page.getByLabel("Price when new (euros)").fill("400");
    await page.getByLabel("Battery (mAh)").fill("");
    await page.getByRole("button").click();
    await page.getByText("Estimated without").waitFor();
    const shown = await page.locator("#price").textContent();
    const response = await fetch(`${url}/v1/price`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({
        brand: "Samsung",
        os: "Android",
        newPriceEur: 400,
        releaseYear: 2019,
        daysUsed: 300,
        ramGb: 4,
        storageGb: 64,
        screenCm: 15.5,
        rearCameraMp: 12,
        frontCameraMp: 8,
        has4g: true,
        has5g: false,
      }),
    });
    const { priceEur } = (await response.json()) as { priceEur: number };
    expect(shown).toBe(`€${priceEur.toFixed(2)}`);
    expect(await page.locator("#details").textContent()).toContain("Battery (mAh), Weight (grams)");
    await screenshot("device-price.png");
  });

  it("marks the fields that the server refuses", async () => {
    await page.getByLabel("Main memory (GB)").fill("lots");
    await page.getByRole("button").click();
    await page.getByText("Some fields need another look.").waitFor();
    expect(await page.locator("#ramGb-hint").textContent()).toBe(
      "has to be a number of gigabytes from 0 to 256",
    );
    expect(await page.getByLabel("Main memory (GB)").getAttribute("aria-invalid")).toBe("true");
    await screenshot("device-price-refused.png");
  });

  it("fits a narrow, dark screen", async () => {
    await page.emulateMedia({ colorScheme: "dark" });
    await page.setViewportSize({ width: 390, height: 760 });
    const overflow = await page.evaluate(
      () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
    );
    expect(overflow).toBe(0);
    await screenshot("device-price-narrow.png");
  });

  it("ran without an error, under its content security policy", () => {
    expect(problems).toEqual([]);
  });
});
