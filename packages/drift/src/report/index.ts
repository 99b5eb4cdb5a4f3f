// A page
export { type HtmlOptions, toHtml } from "./html/to-html.ts";
export { reportContentSecurityPolicy } from "./html/content-security-policy.ts";

// Text, for a terminal
export { type TextOptions, toText } from "./text/to-text.ts";

// Data, for a machine
export { toJson } from "./to-json.ts";
