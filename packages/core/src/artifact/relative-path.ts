/**
 * A relative path that stays inside its folder and names a file on every system: segments of letters,
 * digits, `.`, `_` and `-`, joined by `/`. None starts with a dot, ends with one, which Windows would
 * drop, or is called as a device is there, such as `nul` or `con.bin`, which may be read for ever. Two
 * that differ in capitals alone may be one file.
 */
export const relativePathPattern: RegExp =
  /^(?:(?!(?:[Cc][Oo][Nn]|[Pp][Rr][Nn]|[Aa][Uu][Xx]|[Nn][Uu][Ll]|[Cc][Oo][Mm]\d|[Ll][Pp][Tt]\d)(?:[./]|$))[A-Za-z0-9_](?:[A-Za-z0-9_.-]*[A-Za-z0-9_-])?(?:\/(?=.)|$))+$/;
