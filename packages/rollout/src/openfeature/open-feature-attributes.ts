import type { PredictOptions } from "@mlops/core";

import type { Attributes, AttributeValue } from "../cohort/attributes.ts";
import type { Condition } from "../cohort/condition.ts";

/**
 * A client of `@openfeature/server-sdk`, as far as it is called: any provider stands behind it. It gives
 * the default where the provider fails.
 */
export interface OpenFeatureClientLike {
  getBooleanValue(flag: string, defaultValue: boolean, context?: OpenFeatureContext): Promise<boolean>;
  getStringValue(flag: string, defaultValue: string, context?: OpenFeatureContext): Promise<string>;
  getNumberValue(flag: string, defaultValue: number, context?: OpenFeatureContext): Promise<number>;
}

/** What OpenFeature calls an evaluation context, of flat values. */
export type OpenFeatureContext = { targetingKey?: string } & Record<string, AttributeValue>;

/** Options of {@link openFeatureAttributes}. */
export interface OpenFeatureAttributesOptions<Input> {
  /** The flags that conditions ask for, and what each is where the provider does not say. */
  readonly flags: Readonly<Record<string, AttributeValue>>;
  /** What the provider is told of a request besides its key. Default nothing. */
  readonly context?: ((input: Input, options: PredictOptions) => OpenFeatureContext) | undefined;
  /** Attributes that have nothing to do with flags. Default none. */
  readonly attributes?: ((input: Input, options: PredictOptions) => Attributes) | undefined;
}

/**
 * Flags as attributes of a request: what a rollout's `attributes` takes, so that a stage's cohort is
 * whoever a flag is on for. They are asked for in stages that are for a cohort only, all at once.
 *
 * A request without a key and without a `targetingKey` in its context gets the defaults: for such a one a
 * provider may say anything.
 */
export function openFeatureAttributes<Input>(
  client: OpenFeatureClientLike,
  { flags, context, attributes }: OpenFeatureAttributesOptions<Input>,
): (input: Input, options: PredictOptions) => Promise<Attributes> {
  const entries = Object.entries(flags);
  return async (input, options) => {
    const told = {
      ...(options.key !== undefined && { targetingKey: options.key }),
      ...context?.(input, options),
    };
    const values = await Promise.all(
      entries.map(async ([flag, fallback]) => {
        const value =
          told.targetingKey === undefined ? fallback : await evaluate(client, flag, fallback, told);
        return [attributeOf(flag), value] as const;
      }),
    );
    return { ...attributes?.(input, options), ...Object.fromEntries(values) };
  };
}

/** The condition that a flag has one of these values; `true` where none is given. */
export function flagIs(flag: string, ...values: readonly AttributeValue[]): Condition {
  return { attribute: attributeOf(flag), isOneOf: values.length === 0 ? [true] : values };
}

function attributeOf(flag: string): string {
  return `flag:${flag}`;
}

function evaluate(
  client: OpenFeatureClientLike,
  flag: string,
  fallback: AttributeValue,
  context: OpenFeatureContext,
): Promise<AttributeValue> {
  if (typeof fallback === "boolean") return client.getBooleanValue(flag, fallback, context);
  if (typeof fallback === "number") return client.getNumberValue(flag, fallback, context);
  return client.getStringValue(flag, fallback, context);
}
