/** `oftr decode` of captures: the messages of their connections are decoded as those of other inputs are. */
import { type Envelope, makeEnvelope, TunnelOptions } from "../codec/decode.js";
import {
  type CapturedFlow,
  type CapturedMessage,
  type CaptureFormat,
  type CaptureOptions,
  CaptureReader,
  type CaptureTrouble,
  type CaptureTroubleCode,
  captureFormat,
  gunzip,
  MAGIC_BYTES,
} from "../pcap/index.js";
import { type Decoding, failureOf } from "./decoding.js";
import { EXIT } from "./exit-codes.js";
import { type ExitCode, type Failures, systemReason, tell } from "./failures.js";
import type { Follower } from "./follow.js";
import { CHUNK_BYTES, errorCode, type Input, peekInput, readInput } from "./input.js";
import { captureLive, LiveCaptureError } from "./live-capture.js";
import type { Progress } from "./progress.js";
import { UnpackError, unpack } from "./unpack.js";

/** What the options say of captures. */
export interface CaptureSettings {
  /** The packets that are wanted, in tcpdump's language; "" for all. */
  readonly filter: string;
  /** The same, to be run. */
  readonly packets: NonNullable<CaptureOptions["packets"]>;
  /** A file with keys of TLS connections. */
  readonly keylog: string | undefined;
  /** Reads files that are being written. */
  readonly follower: Follower | undefined;
}

/** Connections of one file that are decrypted: tshark reads the file once more for each. */
const MOST_ENCRYPTED = 100;

/** Exit codes of what can be wrong with a capture. */
const CODES: Readonly<Record<CaptureTroubleCode, ExitCode>> = {
  DAMAGED: EXIT.FAILED,
  LINK_TYPE: EXIT.FAILED,
  MISSING: EXIT.SHORT_READ,
  NOT_OPENFLOW: EXIT.FAILED,
  ENCRYPTED: EXIT.FAILED,
  LIMIT: EXIT.FAILED,
};

/** Decodes captures, one after the other; connections go on from one to the next. */
export class CaptureDecoding {
  readonly #settings: CaptureSettings;
  readonly #decoding: Decoding;
  readonly #failures: Failures;
  readonly #progress: Progress;
  readonly #reader: CaptureReader;
  readonly #envelopes = new WeakMap<CapturedFlow, Envelope>();
  /** What is known of the options of tunnels, by connection. */
  readonly #options = new WeakMap<object, TunnelOptions>();
  /** Connections of the file that are encrypted. */
  readonly #encrypted: CapturedFlow[] = [];
  #file = "";
  #files = 0;

  constructor(settings: CaptureSettings, decoding: Decoding, failures: Failures, progress: Progress) {
    this.#settings = settings;
    this.#decoding = decoding;
    this.#failures = failures;
    this.#progress = progress;
    this.#reader = new CaptureReader(
      {
        packets: settings.packets,
        onLinkType: (name) => this.#announce(name),
      },
      (message) => this.#take(message),
      (trouble) => this.#report(trouble),
    );
  }

  /** Decodes a whole file, which may be compressed. */
  async read(input: Input): Promise<void> {
    this.#file = input.name;
    this.#files++;
    const { follower } = this.#settings;
    let failed = false;
    try {
      const format = captureFormat(peekInput(input, MAGIC_BYTES));
      const packer = packerOf(format);
      if (follower === undefined) await this.#readAll(input, packer);
      else if (packer === undefined) await this.#follow(input, follower);
      else {
        this.#failures.noteFile(
          EXIT.FAILED,
          `${input.name} is packed by ${packer}, which --follow does not read`,
        );
        return;
      }
    } catch (error) {
      this.#failures.noteFile(...readFailure(input.name, error));
      failed = true;
    }
    // Where nothing could be read there is nothing more to tell.
    if (!failed || this.#reader.begun) this.#reader.endFile(follower?.stopped !== true);
    for (const flow of this.#encrypted.splice(0)) await this.#decrypt(flow);
  }

  /** Decodes what an interface sends and receives, until the program that captures ends. */
  async readLive(device: string): Promise<void> {
    this.#file = device;
    this.#files++;
    try {
      await captureLive(device, this.#settings.filter, (chunk) => this.#push(chunk));
    } catch (error) {
      if (!(error instanceof LiveCaptureError)) throw error;
      this.#failures.noteFile(
        error.missing ? EXIT.UNSUPPORTED : EXIT.OPEN,
        `capturing at ${device}: ${error.message}`,
      );
    }
    if (this.#reader.begun) this.#reader.endFile();
    for (const flow of this.#encrypted.splice(0))
      this.#refuse(flow, "it can be decrypted from a file only", EXIT.FAILED);
  }

  /** Takes the end of all files. */
  end(): void {
    this.#reader.end();
    this.#decoding.flush();
    const { packets } = this.#reader;
    const hint =
      packets === 0 && this.#settings.filter !== "" ? " Use --pcap-filter='' to process all packets." : "";
    tell(`${packets} packets processed from ${this.#files} file(s).${hint}`, this.#progress.erase());
  }

  async #readAll(input: Input, packer: Packer | undefined): Promise<void> {
    const push = (piece: Buffer): void => this.#push(piece);
    if (packer === "gzip") await gunzip(this.#copiesOf(input), push);
    else if (packer !== undefined) await unpack(packer, this.#copiesOf(input), push);
    else for (const chunk of this.#chunksOf(input)) this.#push(chunk);
  }

  async #follow(input: Input, follower: Follower): Promise<void> {
    const chunk = Buffer.allocUnsafeSlow(CHUNK_BYTES);
    for (let n = await follower.read(input, chunk); n > 0; n = await follower.read(input, chunk))
      this.#push(chunk.subarray(0, n));
  }

  #push(chunk: Buffer): void {
    this.#reader.push(chunk);
    this.#decoding.flush();
  }

  /** The bytes of an input; each chunk overwrites the one before. */
  *#chunksOf(input: Input): Generator<Buffer> {
    const chunk = Buffer.allocUnsafeSlow(CHUNK_BYTES);
    for (let n = readInput(input, chunk, 0); n > 0; n = readInput(input, chunk, 0)) {
      yield chunk.subarray(0, n);
      this.#progress.bytes += n;
      this.#progress.tick();
    }
  }

  *#copiesOf(input: Input): Generator<Buffer> {
    for (const chunk of this.#chunksOf(input)) yield Buffer.from(chunk);
  }

  #announce(linkType: string): void {
    const { filter } = this.#settings;
    tell(`Reading from "${this.#file}", link-type ${linkType}, filter "${filter}"`, this.#progress.erase());
  }

  #take(message: CapturedMessage): void {
    const { bytes, start, end, flow } = message;
    const envelope = this.#envelopeOf(flow);
    envelope.sec = message.sec;
    envelope.nsec = message.nsec;
    try {
      this.#decoding.decode(bytes, start, end, envelope, flow);
    } catch (error) {
      const { code, text, where, offset } = failureOf(error, bytes.subarray(start, end));
      const { connId, src, dst } = flow;
      const place = `${this.#place(this.#reader.packet)}connection ${connId} from ${src} to ${dst}`;
      this.#failures.note(code, `${place}: ${text} (${where}, byte ${offset} of it)`);
    }
    envelope.options?.observe(bytes, start, end);
    this.#progress.messages++;
  }

  #envelopeOf(flow: CapturedFlow): Envelope {
    let envelope = this.#envelopes.get(flow);
    if (envelope === undefined) {
      const options = this.#options.get(flow.connection) ?? new TunnelOptions();
      this.#options.set(flow.connection, options);
      envelope = makeEnvelope({ conn_id: flow.connId, src: flow.src, dst: flow.dst }, options);
      this.#envelopes.set(flow, envelope);
    }
    return envelope;
  }

  /** Keeps in mind a connection that may be decrypted once the file is read; tells of one that cannot be. */
  #noteEncrypted(flow: CapturedFlow): void {
    if (this.#settings.keylog === undefined && !this.#reader.hasSecrets)
      this.#refuse(flow, "its keys can be given by --tls-keylog", EXIT.FAILED);
    else if (this.#encrypted.length < MOST_ENCRYPTED) this.#encrypted.push(flow);
    else this.#refuse(flow, `only ${MOST_ENCRYPTED} connections of a file are decrypted`, EXIT.FAILED);
  }

  /** Has a connection of the file that was read decrypted, and decodes its messages. */
  async #decrypt(flow: CapturedFlow): Promise<void> {
    const { keylog, follower } = this.#settings;
    if (this.#file === "-") return this.#refuse(flow, "it can be decrypted from a file only", EXIT.FAILED);
    if (follower !== undefined)
      return this.#refuse(
        flow,
        "it can be decrypted from a finished file only, without --follow",
        EXIT.FAILED,
      );
    const { decrypt, DecryptionError } = await import("./decrypt.js");
    const [there, back] = this.#reader.decrypted(flow);
    let count = 0;
    try {
      await decrypt(this.#file, keylog, flow, ({ forward, bytes, sec, nsec }) => {
        count++;
        (forward ? there : back).onBytes(bytes, 0, bytes.length, sec, nsec);
      });
    } catch (error) {
      if (!(error instanceof DecryptionError)) throw error;
      this.#refuse(flow, error.message, EXIT.UNSUPPORTED);
      return;
    }
    for (const sink of [there, back]) sink.onEnd();
    this.#decoding.flush();
    if (count === 0) this.#refuse(flow, "the keys do not open it", EXIT.FAILED);
  }

  #refuse({ connId, src, dst }: CapturedFlow, why: string, code: ExitCode): void {
    const place = `${this.#file}: connection ${connId} between ${src} and ${dst}`;
    this.#failures.note(code, `${place} is encrypted (TLS); ${why}`);
  }

  #report({ code, text, packet, flow }: CaptureTrouble): void {
    if (code === "ENCRYPTED" && flow !== undefined) {
      this.#noteEncrypted(flow);
      return;
    }
    this.#failures.note(CODES[code], `${this.#place(packet)}${text}`);
  }

  #place(packet: number): string {
    return packet === 0 ? `${this.#file}: ` : `${this.#file}: packet ${packet}: `;
  }
}

/** What packs files: the name of the program. */
type Packer = Exclude<CaptureFormat, "pcap" | "pcapng">;

function packerOf(format: CaptureFormat | undefined): Packer | undefined {
  return format === "pcap" || format === "pcapng" ? undefined : format;
}

/** What to say of a file that cannot be read, or not to its end. Throws what is no failure of that. */
function readFailure(name: string, error: unknown): [ExitCode, string] {
  if (error instanceof UnpackError)
    return [error.missing ? EXIT.UNSUPPORTED : EXIT.FAILED, `decompressing ${name}: ${error.message}`];
  const code = errorCode(error);
  if (code === undefined) throw error;
  const [verb, exit] = code.startsWith("Z_") ? ["decompressing", EXIT.FAILED] : ["reading", EXIT.OPEN];
  return [exit as ExitCode, `${verb} ${name}: ${systemReason(error)}`];
}
