import { createHash } from "node:crypto";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "vitest";

import { parseDevices, readDevices } from "./read-devices.ts";

const columns = [
  "device_brand",
  "os",
  "screen_size",
  "four_g",
  "five_g",
  "rear_camera_mp",
  "front_camera_mp",
  "internal_memory",
  "ram",
  "battery",
  "weight",
  "release_year",
  "days_used",
  "normalized_used_price",
  "normalized_new_price",
];
const header = columns.join(",");
const cells = [
  "Aleph",
  "Android",
  "15",
  "yes",
  "no",
  "12.5",
  "8",
  "64",
  "4",
  "3000",
  "150",
  "2019",
  "300",
  "4.5",
  "5",
];

/** A line with some cells replaced. */
function line(changes: Readonly<Record<string, string>> = {}): string {
  return columns.map((column, i) => changes[column] ?? cells[i]!).join(",");
}

test("a row in full", () => {
  expect(parseDevices(`${header}\n${line()}\n`)).toEqual([
    {
      brand: "Aleph",
      os: "Android",
      numeric: {
        newPriceEur: Math.exp(5),
        releaseYear: 2019,
        daysUsed: 300,
        ramGb: 4,
        storageGb: 64,
        screenCm: 15,
        rearCameraMp: 12.5,
        frontCameraMp: 8,
        batteryMah: 3000,
        weightGrams: 150,
        has4g: 1,
        has5g: 0,
      },
      lnPrice: 4.5,
    },
  ]);
});

test("empty cells are missing, zero is not", () => {
  const changes = { rear_camera_mp: "", device_brand: "", four_g: "", normalized_new_price: "", ram: "0" };
  const [row] = parseDevices(`${header}\n${line(changes)}\n`);
  expect(row?.brand).toBeUndefined();
  expect(row?.numeric).toMatchObject({
    rearCameraMp: undefined,
    has4g: undefined,
    newPriceEur: undefined,
    ramGb: 0,
  });
});

test("a new price of one euro, whose logarithm is 0, is no missing one", () => {
  const [row] = parseDevices(`${header}\n${line({ normalized_new_price: "0" })}\n`);
  expect(row?.numeric.newPriceEur).toBe(1);
});

test("columns may come in any order, with others among them, quoted, with Windows line ends", () => {
  const order = [...columns.toReversed(), "note"];
  const values = [...cells.toReversed(), '"a, b"'];
  expect(parseDevices(`\uFEFF${order.join(",")}\r\n${values.join(",")}\r\n`)).toEqual(
    parseDevices(`${header}\n${line()}\n`),
  );
});

describe("refuses", () => {
  test.each([
    { what: "no rows", csv: `${header}\n`, message: "The data set has no rows." },
    {
      what: "an absent column",
      csv: "os,ram\nAndroid,4\n",
      message: /lacks the columns device_brand, .*weight/,
    },
    {
      what: "a word for a number",
      csv: `${header}\n${line()}\n${line({ ram: "four" })}\n`,
      message: 'Line 3, ram: "four" is no number.',
    },
    {
      what: "a negative number",
      csv: `${header}\n${line({ ram: "-4" })}\n`,
      message: "Line 2, ram: -4 is negative.",
    },
    {
      what: "something between yes and no",
      csv: `${header}\n${line({ five_g: "maybe" })}\n`,
      message: 'Line 2, five_g: "maybe" is neither yes nor no.',
    },
    {
      what: "a row without its target",
      csv: `${header}\n${line({ normalized_used_price: "" })}\n`,
      message: "Line 2 has no normalized_used_price.",
    },
    { what: "a row that is too short", csv: `${header}\nAleph,Android\n`, message: /Invalid Record Length/ },
  ])("$what", ({ csv, message }) => {
    expect(() => parseDevices(csv)).toThrow(message);
  });
});

test("a file comes with its hash", async () => {
  const folder = await mkdtemp(join(tmpdir(), "read-devices-"));
  try {
    const file = join(folder, "devices.csv");
    const csv = `${header}\n${line()}\n`;
    await writeFile(file, csv);
    expect(await readDevices(file)).toEqual({
      rows: parseDevices(csv),
      sha256: createHash("sha256").update(csv).digest("hex"),
    });
  } finally {
    await rm(folder, { recursive: true });
  }
});
