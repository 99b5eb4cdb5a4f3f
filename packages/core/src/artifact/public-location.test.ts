import { expect, test } from "vitest";

import { publicLocation, withoutCredentials } from "./public-location.ts";

test.each([
  ["https://user:secret@host/a.onnx", "https://host/a.onnx"],
  ["https://us@er:secret@host/a.onnx", "https://host/a.onnx"],
  // URLs too, as `fetch` and `new URL()` read them.
  ["https:/user:secret@host/a.onnx", "https:/host/a.onnx"],
  ["https:\\\\user:secret@host/a.onnx", "https:\\\\host/a.onnx"],
  ["https:user:secret@host/a.onnx", "https://host/a.onnx"],
  [" HTTPS://user:secret@host/a.onnx", " HTTPS://host/a.onnx"],
  ["ftp://user:secret@host/a.onnx", "ftp://host/a.onnx"],
  // Malformed.
  ["https://user:secret@host:99999/a.onnx", "https://host:99999/a.onnx"],
  ["https://user:sec/secret@host/a.onnx", "https://host/a.onnx"],
  ["https://user:secret?secret@host/a.onnx", "https://host/a.onnx"],
  ["https://host/a.onnx?key=secret#secret", "https://host/a.onnx?…"],
  ["https://host/a.onnx#secret", "https://host/a.onnx"],
  ["https://host/at@sign.onnx", "https://host/at@sign.onnx"],
  ["data:text/plain,secret", "data:text/plain,… (22 characters)"],
  ["C:\\models\\a@b.onnx", "C:\\models\\a@b.onnx"],
  ["models/a@b?.onnx", "models/a@b?.onnx"],
])("%j is shown as %j", (location, shown) => {
  expect(publicLocation(location)).toBe(shown);
});

test.each([
  ["50%", "50%"],
  ["50%25", "50%"],
  ["s3cr%C3%A9t", "s3crét"],
])("the password %j in a URL is sent as %j", (written, sent) => {
  const { url, headers } = withoutCredentials(`https://user:${written}@host/a.onnx`);
  expect(url).toBe("https://host/a.onnx");
  const { authorization = "" } = headers;
  expect(Buffer.from(authorization.replace("Basic ", ""), "base64").toString()).toBe(`user:${sent}`);
});
