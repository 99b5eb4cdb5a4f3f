import { isDeepStrictEqual } from "node:util";

import type { PriceResponse } from "../../examples/device-price/price-server.ts";
import type { HttpAnswer } from "../lib/http-client.ts";

/**
 * How far two prices may be apart, in euros. Both are rounded to a cent, which may take two almost
 * equal ones a cent apart.
 */
const priceToleranceEur = 0.015;

/** What is wrong with the price in an answer, or undefined. It runs for every answer under load. */
export function findPriceProblem({ status, body }: HttpAnswer, expected: PriceResponse): string | undefined {
  if (status !== 200) return `status ${status}: ${body.slice(0, 200)}`;
  const { priceEur } = JSON.parse(body) as PriceResponse;
  if (Math.abs(priceEur - expected.priceEur) <= priceToleranceEur) return undefined;
  return `${priceEur} EUR instead of ${expected.priceEur} EUR`;
}

/** What is wrong with anything in an answer, or undefined. */
export function findProblem(answer: HttpAnswer, expected: PriceResponse): string | undefined {
  const priceProblem = findPriceProblem(answer, expected);
  if (priceProblem !== undefined) return priceProblem;
  const actual = JSON.parse(answer.body) as PriceResponse;
  if (isDeepStrictEqual({ ...actual, priceEur: 0 }, { ...expected, priceEur: 0 })) return undefined;
  return `${answer.body} instead of ${JSON.stringify(expected)}`;
}
