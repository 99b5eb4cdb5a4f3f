/** How many bytes {@link isHtmlPage} wants to see, if there are as many. */
export const htmlHeadBytes = 512;

/**
 * Whether a file is a web page, by its first bytes: a doctype or an `<html>` tag, or any tag where
 * the server says that it is HTML. A model that is served under a wrong type is no page.
 */
export function isHtmlPage(head: Uint8Array, contentType: string | null): boolean {
  const text = new TextDecoder("latin1").decode(head).replace(/^(?:\u00ef\u00bb\u00bf)?\s*/, "");
  if (/^<(?:!doctype\s+html|html)\b/i.test(text)) return true;
  const isSaidToBe = /^\s*(?:text\/html|application\/xhtml\+xml)\b/i.test(contentType ?? "");
  return isSaidToBe && /^<[!?a-z]/i.test(text);
}
