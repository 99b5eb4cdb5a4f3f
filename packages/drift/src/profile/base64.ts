/** Bytes as base64 text. */
export function encodeBase64(bytes: Uint8Array): string {
  let text = "";
  // In parts, because a call takes only so many arguments.
  for (let start = 0; start < bytes.length; start += 8_192) {
    text += String.fromCharCode(...bytes.subarray(start, start + 8_192));
  }
  return btoa(text);
}

/** @throws an error of the runtime's for what is no base64. */
export function decodeBase64(text: string): Uint8Array {
  const binary = atob(text);
  return Uint8Array.from(binary, (character) => character.charCodeAt(0));
}
