// What a TLS identity is made of: texts or files -> checked material for OpenSSL. What is wrong is told here, with
// its cure, and not by a handshake that fails later. No error repeats a value: keys and passwords are among them.
import { createPrivateKey, type KeyObject, X509Certificate } from "node:crypto";
import { readFileSync, statSync } from "node:fs";
import { DEFAULT_CIPHERS, type SecureVersion } from "node:tls";
import { log, OftrError } from "../base/index.js";
import { SystemError, toSystemError } from "./system-error.js";

/** Parts of an identity. `cert`, `privkey` and `cacert` are PEM texts, or paths of files that hold them. */
export interface IdentitySource {
  /** Our certificate; those of its chain may follow. */
  readonly cert: string;
  /** The key that belongs to it. Other blocks may stand in the same text. */
  readonly privkey: string;
  /** Password of an encrypted key. */
  readonly password?: string | undefined;
  /** Path of a file whose first line is that password. It is read each time the key is. */
  readonly password_file?: string | undefined;
  /** Authorities, one of which must have signed the peer's certificate. Without them peers need none. */
  readonly cacert?: string | undefined;
  /** One of TLS1.0 to TLS1.3 or a range, `TLS1.2-TLS1.3`, which is the default. */
  readonly version?: string | undefined;
  /** Cipher list in OpenSSL's manner, ciphers(1). */
  readonly ciphers?: string | undefined;
  /** File to which the secrets of each connection are appended, for analysers (NSS key log format). */
  readonly keylog?: string | undefined;
}

/** What is wrong with a part of an identity. FILE: it cannot be read or written; the code tells why. */
export type IdentityReason =
  | "FILE"
  | "BAD_CERTIFICATE"
  | "BAD_KEY"
  | "BAD_PASSWORD"
  | "KEY_MISMATCH"
  | "BAD_VERSION"
  | "BAD_CIPHERS";

/** An identity that cannot be used. `code` is an errno, or the number of an OpenSSL error. */
export class IdentityError extends OftrError<number> {
  override readonly name = "IdentityError";
  readonly part: keyof IdentitySource;
  readonly reason: IdentityReason;

  constructor(part: keyof IdentitySource, reason: IdentityReason, code: number, detail: string) {
    // Clients know the texts of the system, and compare them as a whole.
    super(code, reason === "FILE" ? detail : `${part}: ${detail}`);
    this.part = part;
    this.reason = reason;
  }
}

/** An identity that has been read and checked. */
export interface IdentityMaterial {
  readonly cert: string;
  readonly key: string;
  readonly passphrase: string | undefined;
  /** Undefined: the certificates of peers are not asked for. */
  readonly ca: string | undefined;
  readonly minVersion: SecureVersion;
  readonly maxVersion: SecureVersion;
  readonly ciphers: string;
}

/** Bytes of a PEM file. A chain of a dozen certificates has 20 KB. */
const MAX_FILE = 1 << 20;

/** Ascending. */
const VERSIONS: Readonly<Record<string, SecureVersion>> = {
  "TLS1.0": "TLSv1",
  "TLS1.1": "TLSv1.1",
  "TLS1.2": "TLSv1.2",
  "TLS1.3": "TLSv1.3",
};

/** errno EINVAL, and numbers that OpenSSL gives to what we find before it does. */
const EINVAL = 22;
const NO_START_LINE = 0x0480006c;
const KEY_VALUES_MISMATCH = 0x05800074;

/** Reads and checks a source. Throws IdentityError. */
export function readIdentity(source: IdentitySource): IdentityMaterial {
  const cert = readPem(source.cert, "cert");
  const key = readPem(source.privkey, "privkey");
  const passphrase = readPassword(source);
  const [leaf] = readCertificates(cert, "cert");
  if (!leaf.checkPrivateKey(readKey(key, passphrase, source.password_file ? "password_file" : "password"))) {
    const detail = "the key does not belong to the (first) certificate of cert (key values mismatch)";
    throw new IdentityError("privkey", "KEY_MISMATCH", KEY_VALUES_MISMATCH, detail);
  }
  const ca = source.cacert ? readAuthorities(source.cacert) : undefined;
  const [minVersion, maxVersion] = readVersions(source.version || "TLS1.2-TLS1.3");
  const ciphers = chooseCiphers(source.ciphers || DEFAULT_CIPHERS, minVersion);
  return { cert, key, passphrase, ca, minVersion, maxVersion, ciphers };
}

function readPassword({ password, password_file: path }: IdentitySource): string | undefined {
  if (!path) return password || undefined;
  if (password) {
    throw new IdentityError(
      "password_file",
      "BAD_PASSWORD",
      EINVAL,
      "password is there as well: give one of them",
    );
  }
  warnOfOthers(path);
  const [line = ""] = readFile(path, "password_file").split(/\r?\n/, 1);
  if (line === "")
    throw new IdentityError("password_file", "BAD_PASSWORD", EINVAL, "the first line of the file is empty");
  return line;
}

function warnOfOthers(path: string): void {
  const mode = (statSync(path, { throwIfNoEntry: false })?.mode ?? 0) & 0o777;
  if ((mode & 0o007) !== 0) {
    log.warn({ file: path, mode: mode.toString(8) }, "password file can be read by other users");
  }
}

/** Reads and checks the certificates of authorities: PEM text, or the path of a file. Throws IdentityError. */
export function readAuthorities(cacert: string): string {
  const pem = readPem(cacert, "cacert");
  readCertificates(pem, "cacert");
  return pem;
}

/** Makes an IdentityError of what OpenSSL throws, with OpenSSL's number. */
export function opensslError(
  part: keyof IdentitySource,
  reason: IdentityReason,
  error: unknown,
): IdentityError {
  const { message } = error as Error;
  const number = /^error:([0-9A-F]{8}):/i.exec(message)?.[1];
  const detail = message.replace(/^error:[0-9A-F]+:/i, "").replace("::", ": ");
  return new IdentityError(part, reason, number === undefined ? EINVAL : Number.parseInt(number, 16), detail);
}

/** True for what is taken as the path of a file and not as PEM text. */
export function isPath(text: string): boolean {
  return text !== "" && !text.includes("\n") && !text.includes("-----BEGIN ");
}

function readPem(text: string, part: keyof IdentitySource): string {
  return isPath(text) ? readFile(text, part, "latin1") : text;
}

function readFile(path: string, part: keyof IdentitySource, encoding: BufferEncoding = "utf8"): string {
  try {
    // A pipe or a device would hold up everything else.
    const { size } = statFile(path);
    if (size > MAX_FILE)
      throw new IdentityError(part, "FILE", EINVAL, `the file has more than ${MAX_FILE} bytes`);
    return readFileSync(path, encoding);
  } catch (error) {
    throw fileError(part, error);
  }
}

function statFile(path: string): { size: number } {
  const stats = statSync(path);
  if (stats.isDirectory()) throw Object.assign(new Error(), { errno: -21, code: "EISDIR" });
  if (!stats.isFile()) throw Object.assign(new Error(), { errno: -EINVAL, code: "EINVAL" });
  return stats;
}

/** Makes an IdentityError of what a call of the system throws. Node's texts repeat the path, which may be a mangled key. */
export function fileError(part: keyof IdentitySource, error: unknown): IdentityError {
  if (error instanceof IdentityError) return error;
  const { code = "", message } = error as NodeJS.ErrnoException;
  const known = toSystemError(error as Error);
  // A path that no system call was asked for, as it has a NUL byte.
  if (!(known instanceof SystemError)) return new IdentityError(part, "FILE", EINVAL, "Invalid argument");
  return new IdentityError(part, "FILE", known.code, known.message === message ? code : known.message);
}

const CERTIFICATE = /-----BEGIN ((?:TRUSTED |X509 )?CERTIFICATE)-----[^-]*-----END \1-----/g;

function readCertificates(pem: string, part: "cert" | "cacert"): [X509Certificate, ...X509Certificate[]] {
  const blocks = pem.match(CERTIFICATE) ?? [];
  const certificates = blocks.map((block, i) => {
    try {
      return new X509Certificate(block);
    } catch (error) {
      const { code, message } = opensslError(part, "BAD_CERTIFICATE", error);
      throw new IdentityError(
        part,
        "BAD_CERTIFICATE",
        code,
        `certificate ${i + 1}: ${message.slice(part.length + 2)}`,
      );
    }
  });
  const [first, ...rest] = certificates;
  if (first !== undefined) return [first, ...rest];
  const detail = "there is no -----BEGIN CERTIFICATE----- with its END in it (PEM: no start line)";
  throw new IdentityError(part, "BAD_CERTIFICATE", NO_START_LINE, detail);
}

function readKey(pem: string, passphrase: string | undefined, from: "password" | "password_file"): KeyObject {
  try {
    return createPrivateKey({ key: pem, format: "pem", ...(passphrase === undefined ? {} : { passphrase }) });
  } catch (error) {
    const found = opensslError("privkey", "BAD_KEY", error);
    const encrypted = /-----BEGIN ENCRYPTED PRIVATE KEY-----|^Proc-Type: 4,ENCRYPTED/m.test(pem);
    if (!encrypted) {
      const detail = `there is no private key in PEM form that OpenSSL can read (${found.message.slice(9)})`;
      throw new IdentityError("privkey", "BAD_KEY", found.code, detail);
    }
    const detail =
      passphrase === undefined
        ? "the key is encrypted: password or password_file is missing"
        : `the key cannot be decrypted: is ${from} right? (${found.message.slice(9)})`;
    throw new IdentityError(passphrase === undefined ? "privkey" : from, "BAD_PASSWORD", found.code, detail);
  }
}

/** `TLS1.2-` is TLS1.2 alone. */
function readVersions(text: string): [SecureVersion, SecureVersion] {
  const [first = "", last = "", ...more] = text.toUpperCase().split("-");
  const names = Object.keys(VERSIONS);
  const min = names.indexOf(first.trim());
  const max = last === "" ? min : names.indexOf(last.trim());
  if (min >= 0 && max >= min && more.length === 0) {
    return [VERSIONS[names[min] as string], VERSIONS[names[max] as string]] as [SecureVersion, SecureVersion];
  }
  const detail = `Invalid argument: ${names.join(", ")} or a range in ascending order, TLS1.2-TLS1.3, is expected`;
  throw new IdentityError("version", "BAD_VERSION", EINVAL, detail);
}

/** OpenSSL 3 has no ciphers and signatures for TLS 1.0 and 1.1 above security level 0. */
function chooseCiphers(ciphers: string, minVersion: SecureVersion): string {
  const old = minVersion === "TLSv1" || minVersion === "TLSv1.1";
  return old && !ciphers.includes("@SECLEVEL") ? `${ciphers}:@SECLEVEL=0` : ciphers;
}
