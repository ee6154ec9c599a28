// TLS identities: who we are to peers, and whom we take them for. An identity runs the TLS handshake, as a server on
// connections that were accepted, as a client on those that we made.
import { constants } from "node:crypto";
import { appendFileSync } from "node:fs";
import type { Socket } from "node:net";
import {
  connect,
  createSecureContext,
  createServer,
  type SecureContext,
  type Server,
  type TLSSocket,
} from "node:tls";
import { log } from "../base/index.js";
import type { Clock } from "./clock.js";
import {
  fileError,
  IdentityError,
  type IdentityMaterial,
  type IdentitySource,
  isPath,
  opensslError,
  readIdentity,
} from "./identity-source.js";
import {
  describeCertificateFailure,
  describeTlsError,
  type TlsFailure,
  type TlsRole,
} from "./tls-failure.js";

/** Milliseconds a peer may take for the TLS handshake, unless said otherwise. */
export const TLS_TIMEOUT = 5000;

/** Hears how a TLS handshake goes. */
export interface SecureListener {
  /** The peer is who it shall be; bytes can flow. */
  onSecure(stream: TLSSocket): void;
  /**
   * TLS has failed and the socket is closed: before `onSecure`, or after it when the peer sends a late refusal
   * or bytes that are no TLS. Undefined: a peer came and went without a byte, as probes of ports do.
   */
  onFailure(failure: TlsFailure | undefined): void;
}

/** Parts that may be the path of a file. Others are no paths, and a password is not to be told. */
const FILE_PARTS: readonly (keyof IdentitySource)[] = ["cert", "privkey", "password_file", "cacert"];

/** A certificate with its key, and the authorities that peers must be known to. */
export class Identity {
  readonly #source: IdentitySource;
  #context: SecureContext;
  /** Never listens: it is given connections. */
  readonly #server: Server;

  /** Throws IdentityError. */
  constructor(source: IdentitySource) {
    this.#source = source;
    const options = contextOptions(source);
    this.#context = makeContext(options);
    if (source.keylog) writeKeyLog(source.keylog, "");
    // What is wrong with a peer's certificate is judged by Handshake, which can tell it.
    this.#server = createServer({ ...options, requestCert: this.verifies, rejectUnauthorized: false });
    this.#server.on("keylog", (line: Buffer) => this.#logKey(line));
  }

  /** Peers must show a certificate that one of our authorities has signed. */
  get verifies(): boolean {
    return Boolean(this.#source.cacert);
  }

  /** The path of the file that a part comes from, if any. */
  fileOf(part: keyof IdentitySource): string | undefined {
    const text = this.#source[part];
    return FILE_PARTS.includes(part) && text !== undefined && isPath(text) ? text : undefined;
  }

  /**
   * Reads its files again, for connections to come; those that are open stay as they are.
   * Throws IdentityError; all is as before then.
   */
  reload(): void {
    const options = contextOptions(this.#source);
    this.#context = makeContext(options);
    this.#server.setSecureContext(options);
  }

  /** Runs the handshake as a server, on a connection that was just accepted. @param timeout  milliseconds */
  accept(raw: Socket, clock: Clock, listener: SecureListener, timeout: number = TLS_TIMEOUT): void {
    const handshake = new Handshake(
      raw,
      { role: "server", verifies: this.verifies, timeout },
      clock,
      listener,
    );
    const server = this.#server;
    // The events of a server do not say which connection they are about, and the peer's address is gone with the
    // peer. So each connection has a server of its own; but one context costs milliseconds, so they share one.
    const own = Object.create(server) as Server;
    own.emit = (event: string, ...facts: unknown[]): boolean => {
      if (event === "secureConnection") handshake.secured(facts[0] as TLSSocket);
      else if (event === "tlsClientError") handshake.failed(facts[0] as Error);
      else return server.emit(event, ...facts);
      return true;
    };
    Reflect.apply(server.emit, own, ["connection", raw]);
  }

  /** Runs the handshake as a client, on a connection that was just made. Names of hosts are not checked. */
  connect(raw: Socket, clock: Clock, listener: SecureListener, timeout: number = TLS_TIMEOUT): void {
    const handshake = new Handshake(
      raw,
      { role: "client", verifies: this.verifies, timeout },
      clock,
      listener,
    );
    const stream = connect({
      socket: raw,
      secureContext: this.#context,
      rejectUnauthorized: false,
      checkServerIdentity: () => undefined,
    });
    stream.on("keylog", (line: Buffer) => this.#logKey(line));
    stream.on("error", (error) => handshake.failed(error));
    stream.once("secureConnect", () => handshake.secured(stream));
  }

  #logKey(line: Buffer): void {
    const { keylog } = this.#source;
    if (!keylog) return;
    const text = line.toString("latin1");
    try {
      writeKeyLog(keylog, text.endsWith("\n") ? text : `${text}\n`);
    } catch (err) {
      log.error({ err }, "the key log cannot be written");
    }
  }
}

interface HandshakeSettings {
  readonly role: TlsRole;
  readonly verifies: boolean;
  /** Milliseconds. */
  readonly timeout: number;
}

/** One handshake: it ends once, by success, by failure, by the end of the connection or of its time. */
class Handshake {
  readonly #raw: Socket;
  readonly #role: TlsRole;
  readonly #verifies: boolean;
  readonly #listener: SecureListener;
  readonly #stopTimer: () => void;
  #open = true;

  constructor(raw: Socket, settings: HandshakeSettings, clock: Clock, listener: SecureListener) {
    const { role, verifies, timeout } = settings;
    this.#raw = raw;
    this.#role = role;
    this.#verifies = verifies;
    this.#listener = listener;
    // An error is followed by "close".
    raw.on("error", () => undefined);
    raw.once("close", () => this.#closed());
    const late = { reason: "TLS_TIMEOUT", detail: `it took more than ${timeout / 1000} s` } as const;
    this.#stopTimer = clock.after(timeout, () => this.#fail(late));
  }

  secured(stream: TLSSocket): void {
    if (!this.#open) return;
    const failure =
      this.#verifies && !stream.authorized ? describeCertificateFailure(stream, this.#role) : undefined;
    if (failure !== undefined) {
      // The socket needs somebody who hears its errors, even now.
      stream.on("error", () => undefined);
      this.#fail(failure);
      return;
    }
    this.#end();
    stream.on("error", (error) => {
      const late = describeTlsError(error, this.#role);
      // Failures of the network are told by the end of the stream.
      if (late.reason !== "TLS_CLOSED") this.#listener.onFailure(late);
    });
    this.#listener.onSecure(stream);
  }

  failed(error: Error): void {
    const failure = describeTlsError(error, this.#role);
    if (failure.reason === "TLS_CLOSED") this.#closed();
    else this.#fail(failure);
  }

  #closed(): void {
    const silent = this.#role === "server" && this.#raw.bytesRead === 0;
    const detail =
      "the peer has closed the connection: it may not trust our certificate; its own log should say why";
    this.#fail(silent ? undefined : { reason: "TLS_CLOSED", detail });
  }

  #fail(failure: TlsFailure | undefined): void {
    if (!this.#open) return;
    this.#end();
    this.#listener.onFailure(failure);
    this.#raw.destroy();
  }

  #end(): void {
    this.#open = false;
    this.#stopTimer();
  }
}

/** Appends to a key log, which only we may read. Throws IdentityError. */
function writeKeyLog(path: string, text: string): void {
  try {
    appendFileSync(path, text, { mode: 0o600 });
  } catch (error) {
    throw fileError("keylog", error);
  }
}

type ContextOptions = IdentityMaterial & { readonly secureOptions: number };

function contextOptions(source: IdentitySource): ContextOptions {
  // Without tickets and renegotiation each connection shows its certificate anew.
  const secureOptions = constants.SSL_OP_NO_TICKET | constants.SSL_OP_NO_RENEGOTIATION;
  return { ...readIdentity(source), secureOptions };
}

function makeContext(options: ContextOptions): SecureContext {
  try {
    return createSecureContext(options);
  } catch (error) {
    const { code } = error as { code?: string };
    if (code === "ERR_SSL_NO_CIPHER_MATCH" || code === "ERR_INVALID_ARG_VALUE") {
      const detail = "Invalid argument: OpenSSL knows no such ciphers; `openssl ciphers` checks a list";
      throw new IdentityError("ciphers", "BAD_CIPHERS", 22, detail);
    }
    throw opensslError("cert", "BAD_CERTIFICATE", error);
  }
}

/** Identities by number, from 1. */
export class Identities {
  readonly #identities: Identity[] = [];

  /** How many there are. */
  get count(): number {
    return this.#identities.length;
  }

  /** Makes an identity and gives its number. Throws IdentityError. */
  add(source: IdentitySource): number {
    return this.#identities.push(new Identity(source));
  }

  /** The identity of this number. */
  get(tlsId: number): Identity | undefined {
    return this.#identities[tlsId - 1];
  }

  /** Has all identities read their files again; gives what went wrong, with the numbers and the file. The others are new. */
  reload(): { readonly tlsId: number; readonly file: string | undefined; readonly error: IdentityError }[] {
    return this.#identities.flatMap((identity, i) => {
      try {
        identity.reload();
        return [];
      } catch (error) {
        if (!(error instanceof IdentityError)) throw error;
        return [{ tlsId: i + 1, file: identity.fileOf(error.part), error }];
      }
    });
  }
}
