/**
 * A relative path that stays inside its folder and means the same on every system: segments of
 * letters, digits, `.`, `_` and `-`, none of which starts with a dot, joined by `/`.
 */
export const relativePathPattern: RegExp = /^[A-Za-z0-9_][A-Za-z0-9_.-]*(?:\/[A-Za-z0-9_][A-Za-z0-9_.-]*)*$/;
