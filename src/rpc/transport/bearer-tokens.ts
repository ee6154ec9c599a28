// Tokens by which clients of a network endpoint show that they may come (RFC 6750). They are shown to nobody: not in
// the log, not in errors.
import { createHash, timingSafeEqual } from "node:crypto";
import { readFileSync, statSync } from "node:fs";
import { log } from "../../base/index.js";
import { SystemError, toSystemError } from "../../channel/streams.js";
import { EndpointError } from "./endpoint-error.js";

/** Characters of a token, at least: what is shorter can be guessed. */
const MIN_TOKEN = 16;

/** Bytes of a file with tokens. */
const MAX_FILE = 1 << 16;

/**
 * Reads a file of tokens, one per line; empty lines and lines that begin with `#` do not count. Warns when others may
 * read the file. Throws EndpointError FILE.
 * @param where  the endpoint that names the file
 */
export function readTokens(path: string, where: string): readonly string[] {
  const fail = (detail: string): EndpointError =>
    new EndpointError("FILE", `${where}, option 'token-file'`, `${path}: ${detail}`);
  const tokens = readText(path, fail)
    .split(/\r?\n/)
    .map((line) => line.trim())
    .filter((line) => line !== "" && !line.startsWith("#"));
  if (tokens.length === 0) throw fail("there is no token in it; openssl rand -hex 32 makes one");
  for (const [i, token] of tokens.entries()) {
    if (!/^[A-Za-z0-9._~+/-]+=*$/.test(token)) {
      throw fail(
        `token ${i + 1} has characters other than letters, digits and -._~+/ (RFC 6750 section 2.1)`,
      );
    }
    if (token.length < MIN_TOKEN) {
      throw fail(`token ${i + 1} has ${token.length} characters; at least ${MIN_TOKEN} cannot be guessed`);
    }
  }
  return tokens;
}

function readText(path: string, fail: (detail: string) => EndpointError): string {
  try {
    const { mode, size } = statRegular(path, fail);
    if (size > MAX_FILE) throw fail(`the file has more than ${MAX_FILE} bytes`);
    if ((mode & 0o007) !== 0) {
      log.warn({ file: path, mode: (mode & 0o777).toString(8) }, "token file can be read by other users");
    }
    return readFileSync(path, "utf8");
  } catch (error) {
    const known = toSystemError(error as Error);
    throw known instanceof SystemError ? fail(known.message) : known;
  }
}

function statRegular(path: string, fail: (detail: string) => EndpointError): { mode: number; size: number } {
  const stats = statSync(path);
  // Reading a pipe would hold up everything else.
  if (!stats.isFile()) throw fail("this is not a regular file");
  return stats;
}

/** Tells whether the value of an Authorization header holds one of these tokens, in a time that says nothing of them. */
export function showsToken(authorization: string | undefined, tokens: readonly string[]): boolean {
  const shown = digest(/^Bearer +(\S+) *$/i.exec(authorization ?? "")?.[1] ?? "");
  let found = false;
  for (const token of tokens) if (timingSafeEqual(shown, digest(token))) found = true;
  return found;
}

function digest(text: string): Buffer {
  return createHash("sha256").update(text).digest();
}
