/** Whether this is a page, or a worker of one. */
export function isBrowser(): boolean {
  return (globalThis as { location?: unknown }).location !== undefined;
}

/** Whether a page asks another origin, which hides most headers from it. */
export function isCrossOrigin(url: string): boolean {
  const { location } = globalThis as { location?: { origin?: string } };
  if (location?.origin === undefined || !/^https?:/i.test(url)) return false;
  return URL.canParse(url) && new URL(url).origin !== location.origin;
}
