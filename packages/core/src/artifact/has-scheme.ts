/** Whether a location is a URL and no path. A scheme of one letter is a drive: `C:\\models`. */
export function hasScheme(location: string): boolean {
  return /^[a-z][a-z0-9+.-]+:/i.test(location);
}
