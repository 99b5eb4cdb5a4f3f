/** SHA-256 of the page's style, in base64, which a policy needs to allow it. A test holds it to the style. */
const styleHash = "+OuJgz6b3sVbCWrqEKZRw0yIyDLbwvMDJsqLDXTLz7g=";

/**
 * The policy under which a report works: its own style, and nothing else. The page states it itself;
 * a server that sends a policy can send this one.
 */
export const reportContentSecurityPolicy: string = `default-src 'none'; style-src 'sha256-${styleHash}'; img-src data:; base-uri 'none'; form-action 'none'`;
