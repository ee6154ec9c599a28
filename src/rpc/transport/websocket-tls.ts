// Certificates and keys of wss: endpoints, on both sides.

import { constants } from "node:crypto";
import { statSync } from "node:fs";
import type { SecureContextOptions } from "node:tls";
import { log } from "../../base/index.js";
import { IdentityError, readAuthorities, readIdentity } from "../../channel/index.js";
import type { WebSocketEndpoint } from "./endpoint.js";
import { EndpointError } from "./endpoint-error.js";

/**
 * Reads certificate, key, and authorities of the peer. TLS 1.2 or 1.3. Warns when others may read the key.
 * Throws EndpointError FILE.
 */
export function readTlsOptions(endpoint: WebSocketEndpoint, where: string): SecureContextOptions {
  return reading(endpoint, where, ({ cert = "", key = "", keyPasswordFile, cacert }) => {
    const identity = readIdentity({ cert, privkey: key, password_file: keyPasswordFile, cacert });
    const mode = statSync(key).mode & 0o777;
    if ((mode & 0o007) !== 0)
      log.warn({ file: key, mode: mode.toString(8) }, "key can be read by other users");
    return {
      cert: identity.cert,
      key: identity.key,
      ...(identity.passphrase === undefined ? {} : { passphrase: identity.passphrase }),
      ...(identity.ca === undefined ? {} : { ca: identity.ca }),
      minVersion: identity.minVersion,
      maxVersion: identity.maxVersion,
      // Each connection shows its certificate anew: without tickets, one that has been revoked has no way back.
      secureOptions: constants.SSL_OP_NO_TICKET | constants.SSL_OP_NO_RENEGOTIATION,
    };
  });
}

/** As `readTlsOptions`, for a client, which may have no certificate. Without cacert, Node's authorities are trusted. */
export function readClientTlsOptions(endpoint: WebSocketEndpoint, where: string): SecureContextOptions {
  if (!endpoint.secure) return {};
  if (endpoint.cert !== undefined) return readTlsOptions(endpoint, where);
  return reading(endpoint, where, ({ cacert }) => ({
    minVersion: "TLSv1.2",
    ...(cacert === undefined ? {} : { ca: readAuthorities(cacert) }),
  }));
}

/** Has errors name the endpoint, its option, and the file. */
function reading<T>(endpoint: WebSocketEndpoint, where: string, read: (from: WebSocketEndpoint) => T): T {
  try {
    return read(endpoint);
  } catch (error) {
    if (!(error instanceof IdentityError)) throw error;
    const [option, file] = optionOf(error, endpoint);
    const detail = error.message
      .replace(/^\w+: /, "")
      .replace(/(password or )?password_file/, "key-password-file");
    throw new EndpointError("FILE", `${where}, option '${option}'`, `${file}: ${detail}`);
  }
}

/** The option that a part of an identity came by, and its file. */
function optionOf(
  { part }: IdentityError,
  endpoint: WebSocketEndpoint,
): [option: string, file: string | undefined] {
  if (part === "cert" || part === "cacert") return [part, endpoint[part]];
  return part === "password_file" ? ["key-password-file", endpoint.keyPasswordFile] : ["key", endpoint.key];
}
