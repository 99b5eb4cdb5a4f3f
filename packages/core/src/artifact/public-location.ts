/**
 * A location as messages may show it: without a user, a password, a query (which is where signed URLs
 * have their signature) or a fragment. Of a `data:` URL there is the length in place of the content, which
 * tells most of them apart.
 */
export function publicLocation(location: string): string {
  if (/^data:/i.test(location)) return `${location.split(",", 1)[0]},… (${location.length} characters)`;
  if (!/^[a-z][a-z0-9+.-]+:\/\//i.test(location)) return location;
  const [withoutQuery = ""] = location.split(/[?#]/, 1);
  const hidden = location[withoutQuery.length] === "?" ? "?…" : "";
  return withoutQuery.replace(/^([^/]*\/\/)[^/]*@/, "$1") + hidden;
}

/** A URL as `fetch` takes it, which refuses those with a user and a password, and the header that carries them. */
export function withoutCredentials(location: string): {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
} {
  if (!/^https?:/i.test(location) || !URL.canParse(location)) return { url: location, headers: {} };
  const url = new URL(location);
  const { username, password } = url;
  if (username === "" && password === "") return { url: location, headers: {} };
  url.username = "";
  url.password = "";
  const bytes = new TextEncoder().encode(`${decodeURIComponent(username)}:${decodeURIComponent(password)}`);
  return { url: url.href, headers: { authorization: `Basic ${btoa(String.fromCodePoint(...bytes))}` } };
}
