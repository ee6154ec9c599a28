// Why TLS failed, in words that name the cure: for events. What OpenSSL and Node say about it is the source.
import type { TLSSocket } from "node:tls";
import { cutText } from "../base/index.js";

/** Our part in a handshake. */
export type TlsRole = "server" | "client";

/** Why a TLS connection failed, for programs. schemas/rpc.yaml says what they mean; these names do not change. */
export const TLS_REASONS = [
  "TLS_PLAINTEXT_PEER",
  "TLS_UNEXPECTED",
  "TLS_NO_CERTIFICATE",
  "TLS_UNKNOWN_CA",
  "TLS_EXPIRED",
  "TLS_NOT_YET_VALID",
  "TLS_WRONG_PURPOSE",
  "TLS_BAD_CERTIFICATE",
  "TLS_VERSION",
  "TLS_CIPHERS",
  "TLS_REFUSED",
  "TLS_TIMEOUT",
  "TLS_CLOSED",
  "TLS_FAILED",
] as const;
export type TlsReason = (typeof TLS_REASONS)[number];

/** Why TLS failed, for programs and for people. */
export interface TlsFailure {
  readonly reason: TlsReason;
  /** A sentence without capital and full stop. */
  readonly detail: string;
}

/** Most characters of a peer's name that are repeated. */
const MAX_NAME = 200;

/** Codes of the verification, which come from OpenSSL's X509_V_ERR_*, that mean the same to people. */
const UNKNOWN_CA: readonly string[] = [
  "DEPTH_ZERO_SELF_SIGNED_CERT",
  "SELF_SIGNED_CERT_IN_CHAIN",
  "UNABLE_TO_GET_ISSUER_CERT",
  "UNABLE_TO_GET_ISSUER_CERT_LOCALLY",
  "UNABLE_TO_VERIFY_LEAF_SIGNATURE",
];

/** Says what is wrong with the certificate of a peer that is not authorized. */
export function describeCertificateFailure(stream: TLSSocket, role: TlsRole): TlsFailure {
  const certificate = stream.getPeerX509Certificate();
  if (certificate === undefined) {
    const detail = "the peer showed no certificate; give it one signed by an authority in cacert";
    return { reason: "TLS_NO_CERTIFICATE", detail };
  }
  // Node declares an Error, but it is the code of one.
  const code = String(stream.authorizationError);
  const name = `the peer's certificate (${oneLine(certificate.subject)})`;
  if (UNKNOWN_CA.includes(code)) {
    const cure = "add its authority to cacert, or have the peer send the whole chain";
    const detail = `${name} is not signed by an authority in cacert, but by ${oneLine(certificate.issuer)} (${code}): ${cure}`;
    return { reason: "TLS_UNKNOWN_CA", detail };
  }
  if (code === "CERT_HAS_EXPIRED") {
    const detail = `${name}, valid to ${certificate.validTo}, or one of its chain has expired: renew it`;
    return { reason: "TLS_EXPIRED", detail };
  }
  if (code === "CERT_NOT_YET_VALID") {
    const detail = `${name}, valid from ${certificate.validFrom}, or one of its chain is not valid yet: is the clock right?`;
    return { reason: "TLS_NOT_YET_VALID", detail };
  }
  if (code === "INVALID_PURPOSE") {
    const [purpose, use] = role === "server" ? ["clients", "clientAuth"] : ["servers", "serverAuth"];
    const detail = `${name} is not for TLS ${purpose}: its extended key usage must have ${use}, or be left out`;
    return { reason: "TLS_WRONG_PURPOSE", detail };
  }
  return { reason: "TLS_BAD_CERTIFICATE", detail: `${name} is not accepted: ${code}` };
}

/** "CN=a\nO=b" -> "CN=a, O=b"; what peers call themselves may hold anything. */
function oneLine(name: string): string {
  return cutText(name.replace(/\n/g, ", ").replace(/[^\x20-\x7e]/g, "?"), MAX_NAME);
}

/** Says what an error of a TLS stream means. TLS_CLOSED also for failures of the network. */
export function describeTlsError(error: Error, role: TlsRole): TlsFailure {
  const { code = "", reason = error.message } = error as { code?: string; reason?: string };
  const name = code.replace(/^ERR_SSL_/, "");
  if (!/^ERR_(SSL|OSSL|TLS)_/.test(code)) return { reason: "TLS_CLOSED", detail: "the connection was lost" };
  switch (name) {
    case "WRONG_VERSION_NUMBER":
    case "HTTP_REQUEST":
    case "HTTPS_PROXY_REQUEST":
    case "PACKET_LENGTH_TOO_LONG":
      return { reason: "TLS_PLAINTEXT_PEER", detail: plaintextPeer(role) };
    case "UNSUPPORTED_PROTOCOL":
    case "TLSV1_ALERT_PROTOCOL_VERSION":
    case "VERSION_TOO_LOW":
    case "NO_PROTOCOLS_AVAILABLE": {
      const detail = `there is no version of TLS that both sides allow (${reason}): see version of OFP.ADD_IDENTITY`;
      return { reason: "TLS_VERSION", detail };
    }
    case "NO_SHARED_CIPHER":
    case "NO_SUITABLE_SIGNATURE_ALGORITHM":
      return {
        reason: "TLS_CIPHERS",
        detail: `there is no cipher that both sides allow (${reason}): see ciphers of OFP.ADD_IDENTITY`,
      };
    default:
      break;
  }
  const alert = /ALERT_(.+)$/.exec(name)?.[1];
  if (alert === undefined) return { reason: "TLS_FAILED", detail: reason };
  return { reason: "TLS_REFUSED", detail: describeAlert(alert) };
}

function plaintextPeer(role: TlsRole): string {
  return role === "server"
    ? "the peer does not speak TLS: have it connect to ssl:, or listen for it without tls_id"
    : "the peer does not speak TLS: have it listen at pssl:, or connect without tls_id";
}

/** What peers mean by their alerts (RFC 8446 section 6). */
const ALERTS: Readonly<Record<string, string>> = {
  UNKNOWN_CA:
    "does not know the authority that has signed our certificate: give it that authority's certificate",
  CERTIFICATE_EXPIRED: "says that our certificate has expired: renew it",
  CERTIFICATE_REQUIRED: "wants a certificate of us",
  BAD_CERTIFICATE: "does not accept our certificate",
  UNSUPPORTED_CERTIFICATE: "says that our certificate is not for this purpose: see its extended key usage",
  CERTIFICATE_UNKNOWN: "does not accept our certificate",
  CERTIFICATE_REVOKED: "says that our certificate was revoked",
  HANDSHAKE_FAILURE:
    "finds nothing that both sides allow: see ciphers and version of OFP.ADD_IDENTITY, or it wants a certificate",
};

function describeAlert(alert: string): string {
  const meaning = ALERTS[alert];
  return meaning === undefined ? `the peer says ${alert}` : `the peer ${meaning} (its alert is ${alert})`;
}

/** TLS records begin with their type, 20 to 23, and a version 3.x (RFC 8446 section 5.1). OpenFlow does not. */
export function isTlsRecord(head: Uint8Array): boolean {
  const [type = 0, major] = head;
  return head.length >= 2 && type >= 20 && type <= 23 && major === 3;
}
