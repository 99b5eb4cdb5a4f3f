import type { FastifyInstance } from "fastify";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { openPriceServer } from "./testing/open-price-server.ts";

let app: FastifyInstance;
let url: string;
beforeAll(async () => {
  ({ app, url } = await openPriceServer());
});
afterAll(() => app.close());

const post = async (
  body: string,
  contentType = "application/json",
): Promise<{ status: number; body: unknown }> => {
  const response = await fetch(`${url}/v1/price`, {
    method: "POST",
    body,
    headers: { "content-type": contentType },
  });
  return { status: response.status, body: await response.json() };
};

describe("POST /v1/price", () => {
  it("answers with the price, the model and what was imputed", async () => {
    expect(await post('{ "newPriceEur": 250, "ramGb": 4 }')).toEqual({
      status: 200,
      body: {
        priceEur: expect.any(Number),
        model: "device-price",
        version: "1.0.0",
        imputedFields: expect.arrayContaining(["brand", "daysUsed"]),
        unseenFields: [],
        outOfRangeFields: [],
      },
    });
  });

  it("answers 400 with each field, what is wrong and what is allowed", async () => {
    expect(await post('{ "ramGb": "4", "storage": 64 }')).toEqual({
      status: 400,
      body: {
        error: {
          code: "INVALID_INPUT",
          message: expect.stringContaining("ramGb"),
          issues: [
            { field: "ramGb", message: "has to be a number of gigabytes from 0 to 256" },
            {
              field: "storage",
              message: expect.stringMatching(/is no field of a device; the fields are brand, os, /),
            },
          ],
        },
      },
    });
  });

  it.each([
    ["no JSON", "{", "application/json", 400],
    ["an empty body", "", "application/json", 400],
    ["a list", "[]", "application/json", 400],
    ["null", "null", "application/json", 400],
    ["a body that is no object", '"phone"', "application/json", 400],
    ["another content type", "<a/>", "text/xml", 415],
    [
      "a body over the limit",
      JSON.stringify({ brand: "x".repeat(2 * 1024 * 1024) }),
      "application/json",
      413,
    ],
  ])("refuses %s", async (_case, body, contentType, status) => {
    const answer = await post(body, contentType);
    expect(answer).toMatchObject({
      status,
      body: { error: { code: expect.any(String), message: expect.any(String) } },
    });
  });

  it("answers 404 for an unknown model", async () => {
    const response = await fetch(`${url}/v2/models/nope`);
    expect(response.status).toBe(404);
    expect(await response.json()).toMatchObject({ error: expect.stringContaining('"device-price"') });
  });
});

describe("the Open Inference Protocol", () => {
  it("gives the price that the plain route gives", async () => {
    const numeric = [250, -1, -1, 4, -1, -1, -1, -1, -1, -1, -1, -1];
    const response = await fetch(`${url}/v2/models/device-price/infer`, {
      method: "POST",
      body: JSON.stringify({
        inputs: [
          { name: "numeric", shape: [1, 12], datatype: "FP32", data: numeric },
          { name: "brand", shape: [1, 1], datatype: "INT32", data: [0] },
          { name: "os", shape: [1, 1], datatype: "INT32", data: [0] },
        ],
      }),
    });
    const body = (await response.json()) as { outputs: { name: string; data: number[] }[] };
    const plain = (await post('{ "newPriceEur": 250, "ramGb": 4 }')).body as { priceEur: number };
    expect(body.outputs[0]!.name).toBe("ln_price");
    expect(Math.exp(body.outputs[0]!.data[0]!)).toBeCloseTo(plain.priceEur, 1);
  });
});

it("closes its predictor with it", async () => {
  const own = await openPriceServer();
  await own.app.close();
  await expect(fetch(`${own.url}/v2/health/live`)).rejects.toThrow("fetch failed");
});
