/**
 * A location as messages may show it: without a user, a password, a query (which is where signed URLs
 * have their signature) or a fragment. Of a `data:` URL there is the length in place of the content, which
 * tells most of them apart.
 */
export function publicLocation(location: string): string {
  if (/^data:/i.test(location)) return `${location.split(",", 1)[0]},… (${location.length} characters)`;
  // `http` and `https` are URLs with any slashes or none; without two, other schemes have no host.
  if (!/^\s*(?:https?:|[a-z][a-z0-9+.-]+:\/\/)/i.test(location)) return location;
  // Where a malformed URL has its password is anybody's guess.
  const credentials = URL.canParse(location) ? /^([^/\\]*[/\\]*)[^/\\?#]*@/ : /^([^/\\]*[/\\]*).*@/s;
  const anonymous = location.replace(/^(\s*https?:)(?![/\\])/i, "$1//").replace(credentials, "$1");
  const [withoutQuery = ""] = anonymous.split(/[?#]/, 1);
  return withoutQuery + (anonymous[withoutQuery.length] === "?" ? "?…" : "");
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
  const bytes = new TextEncoder().encode(`${decodePercents(username)}:${decodePercents(password)}`);
  return { url: url.href, headers: { authorization: `Basic ${btoa(String.fromCodePoint(...bytes))}` } };
}

/** Decodes what is percent-encoded. A URL may have a percent sign that stands for itself. */
function decodePercents(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
