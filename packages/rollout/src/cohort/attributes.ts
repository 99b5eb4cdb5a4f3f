/** What is known of a request's user, for cohorts: flat, and plain values only. */
export type Attributes = Readonly<Record<string, AttributeValue | readonly AttributeValue[]>>;

/** One value of an attribute. */
export type AttributeValue = string | number | boolean;
