/** `oftr version`. */

/** Version of this package; a test holds it against package.json, reading that file at run time would cost a start. */
export const VERSION = "0.60.0";

/** The five lines of `oftr version`. */
export function formatVersion(): string {
  return [
    `oftr ${VERSION}`,
    "  OpenFlow: 1.0, 1.1, 1.2, 1.3, 1.4, 1.5",
    "  JSON-RPC API: 0.9",
    `  Node.js: ${process.versions.node} (V8 ${process.versions.v8})`,
    `  OpenSSL: ${process.versions.openssl}`,
    "",
  ].join("\n");
}
