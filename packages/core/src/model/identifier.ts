/** What names and versions of models look like: safe in a URL, a file name, a log line and a metric. */
export const identifierPattern: RegExp = /^[A-Za-z0-9][A-Za-z0-9._+-]{0,127}$/;
