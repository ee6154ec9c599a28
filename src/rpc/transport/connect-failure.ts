// Why a daemon cannot be reached, and what helps.
import { SystemError, toSystemError } from "../../channel/streams.js";
import { EndpointError } from "./endpoint-error.js";

/** What OpenSSL and Node call certificates that nobody vouches for. */
const UNTRUSTED = /^(DEPTH_ZERO_SELF_SIGNED_CERT|SELF_SIGNED_CERT_IN_CHAIN|UNABLE_TO_)/;

/** Makes the error of what Node throws. @param where  the endpoint */
export function describeFailure(error: NodeJS.ErrnoException, where: string): EndpointError {
  const { code = "", message } = error;
  if (code === "ECONNREFUSED" || code === "ENOENT") {
    const detail = `no daemon serves there (${code}); oftr jsonrpc --listen ${where} starts one`;
    return new EndpointError("REFUSED", where, detail);
  }
  if (UNTRUSTED.test(code)) {
    const detail = `the daemon's certificate is not signed by a known authority (${code}): name its authority with ,cacert=FILE`;
    return new EndpointError("DENIED", where, detail);
  }
  // OpenSSL's own words, as the code is EPROTO for what is wrong with TLS, whatever that is.
  if (/:wrong version number:|:packet length too long:/.test(message)) {
    return new EndpointError("DENIED", where, "the peer does not speak TLS: use ws:");
  }
  if (where.startsWith("ws:") && (code.startsWith("HPE_") || code === "ECONNRESET")) {
    return new EndpointError("DENIED", where, "the peer gives no HTTP answer: is it a daemon with wss:?");
  }
  const known = toSystemError(error);
  return new EndpointError("REFUSED", where, known instanceof SystemError ? known.message : message);
}
