/** The middle of `oftr decode`: bytes of one input in, text out, errors with their place in the input. */
import { DecodeError } from "../base/index.js";
import {
  decodeFrame,
  type Envelope,
  makeEnvelope,
  messageTypeName,
  type PacketPrinter,
  TunnelOptions,
} from "../codec/decode.js";
import type { CapturedFlow } from "../pcap/index.js";
import { Text } from "../text/index.js";
import { FrameSplitter } from "../wire/index.js";
import { EXIT } from "./exit-codes.js";
import type { ExitCode, Failures } from "./failures.js";
import { HexError, HexReader } from "./hex-input.js";
import { MessageFilter } from "./message-filter.js";
import { type MessagePrinter, makePrinter, type PrintStyle } from "./message-printer.js";
import type { Output } from "./output.js";
import type { PacketTap } from "./packet-tap.js";
import type { Consumer, Counter, Write } from "./streams.js";
import type { Studied, Study } from "./study.js";
import type { OutputVerifier } from "./verify-output.js";

/** How messages are decoded: what the options say, in a form that can be sent to another thread. */
export interface DecodeSettings {
  readonly style: PrintStyle;
  /** The input is hexadecimal text. */
  readonly hex: boolean;
  /** Encode what was printed and compare. */
  readonly verify: boolean;
  /** Print nothing, fail where a message is good. */
  readonly invert: boolean;
  /** How much to print of what the data of PACKET_IN and PACKET_OUT holds. */
  readonly packets: PacketPrinter["detail"] | undefined;
  /** Program of the PacketFilter; undefined when all packets are wanted. */
  readonly packetFilter: string | undefined;
  /** An open file for the frames of packets. */
  readonly capture: Output | undefined;
  /** Print one line for each message, whatever the style. */
  readonly brief: boolean;
  /** Tell with each message which one it answers. */
  readonly pair: boolean;
  /** Print what all messages are together, and none of them. */
  readonly summary: boolean;
  /** Print the name of the input with each message. */
  readonly showFilename: boolean;
  /** Lists of MessageFilter. */
  readonly include: string;
  readonly exclude: string;
}

/** What is known of an input. */
export interface Source {
  readonly name: string;
  /** Bytes of the input that come before those that are pushed. */
  readonly offset: number;
  /** What messages before have told of the options of tunnels: `TunnelOptions.save`. */
  readonly options?: string | undefined;
  /** Print with each message the time at which its bytes were pushed. */
  readonly live: boolean;
}

/** What is made for some settings only. */
interface DecodingParts {
  readonly filter: MessageFilter | undefined;
  readonly verifier: OutputVerifier | undefined;
  readonly tap: PacketTap | undefined;
  readonly study: Study | undefined;
  /** Instead of that of the style. */
  readonly printer: MessagePrinter | undefined;
}

/**
 * Makes the Decoding for `settings`; loads what they need. Throws UsageError for a bad filter.
 * @param study  sees each message
 */
export async function loadDecoding(
  settings: DecodeSettings,
  study?: Study,
): Promise<(write: Write) => Decoding> {
  const { style, include, exclude } = settings;
  const filter = include === "" && exclude === "" ? undefined : new MessageFilter(include, exclude);
  // Encoders are not loaded where nothing is encoded.
  const verifier = settings.verify
    ? new (await import("./verify-output.js")).OutputVerifier(style)
    : undefined;
  // Nor what reads packets where nobody wants them.
  const tap = await loadTap(settings);
  const printer = await loadStudyPrinter(settings, study, tap?.printer);
  return (write) => new Decoding(settings, { filter, verifier, tap, study, printer }, write);
}

async function loadStudyPrinter(
  { style, brief, pair, summary }: DecodeSettings,
  study: Study | undefined,
  packets: PacketPrinter | undefined,
): Promise<MessagePrinter | undefined> {
  if (study === undefined) return undefined;
  if (summary) {
    const { SummaryPrinter } = await import("./summary-printer.js");
    return new SummaryPrinter({ study, json: style === "lines", packets });
  }
  if (!brief) return undefined;
  const { BriefPrinter } = await import("./brief-printer.js");
  return new BriefPrinter({ meaning: study.meaning, pairs: pair, packets });
}

async function loadTap(settings: DecodeSettings): Promise<PacketTap | undefined> {
  const { packets, packetFilter, capture } = settings;
  if (packets === undefined && packetFilter === undefined && capture === undefined) return undefined;
  const [{ loadPacketFilter, packetPrinter }, { PacketTap }] = await Promise.all([
    import("../packet/index.js"),
    import("./packet-tap.js"),
  ]);
  return new PacketTap({
    print: packets === undefined ? undefined : packetPrinter(packets),
    filter: packetFilter === undefined ? undefined : loadPacketFilter(packetFilter),
    capture,
  });
}

/** A message that was decoded, and is a failure all the same. */
class BadMessage extends Error {
  readonly code: ExitCode;
  /** Bytes from the start of the message. */
  readonly offset: number;

  constructor(code: ExitCode, text: string, offset: number) {
    super(text);
    this.code = code;
    this.offset = offset;
  }
}

/** What is wrong with a message. */
export interface MessageFailure {
  readonly code: ExitCode;
  /** What is wrong, without the offset. */
  readonly text: string;
  /** The type of the message; `message` when it has none. */
  readonly where: string;
  /** Bytes from the start of the message. */
  readonly offset: number;
}

/** Tells what an error of `Decoding.decode` means. Throws any other error again. */
export function failureOf(error: unknown, frame: Buffer): MessageFailure {
  const where = messageTypeName(frame) ?? "message";
  if (error instanceof BadMessage) {
    return { code: error.code, text: error.message, where, offset: error.offset };
  }
  if (!(error instanceof DecodeError)) throw error;
  return { code: EXIT.FAILED, text: withoutOffset(error), where, offset: error.offset };
}

/** Decodes messages and collects their texts. */
export class Decoding {
  readonly printer: MessagePrinter;
  readonly settings: DecodeSettings;
  readonly #filter: MessageFilter | undefined;
  readonly #verifier: OutputVerifier | undefined;
  readonly #tap: PacketTap | undefined;
  readonly #study: Study | undefined;
  readonly #write: Write;
  /** Where the texts are collected. One slab for all: each is written before the slab is rewound. */
  out = new Text();
  /** What is decoded only to see whether it can be. */
  readonly #probe: Text | undefined;
  /** Bytes of text that are collected before they are written, unless the end of a chunk comes first. */
  most = 192 * 1024;

  constructor(settings: DecodeSettings, parts: DecodingParts, write: Write) {
    const { filter, verifier, tap, study, printer } = parts;
    this.settings = settings;
    const pair = settings.pair && study !== undefined ? (one: Studied) => study.pairText(one) : undefined;
    this.printer = printer ?? makePrinter(settings.style, { packets: tap?.printer, pair });
    this.#study = study;
    this.#filter = filter;
    this.#verifier = verifier;
    this.#tap = tap;
    this.#write = write;
    if (settings.invert) this.#probe = new Text();
  }

  /** Appends what stands before the first message. */
  begin(): void {
    this.printer.begin(this.out);
  }

  /** Starts an input. */
  open(source: Source, failures: Failures, counter: Counter): Consumer {
    return new FrameConsumer(this, source, failures, counter);
  }

  /** Decodes the message in b[o, end). What it throws is for `failureOf`. @param flow  where it goes, known from a capture */
  decode(b: Buffer, o: number, end: number, envelope: Envelope, flow?: CapturedFlow): void {
    const studied = this.#study?.take(b, o, end, envelope, flow);
    if (this.#filter !== undefined && !this.#filter.keeps(b, o, end, flow)) return;
    if (this.#probe !== undefined) {
      this.#expectFailure(b, o, end, this.#probe, envelope);
      return;
    }
    const out = this.out;
    const before = out.length;
    const { begun } = this.printer;
    this.printer.print(b, o, end, out, envelope, studied);
    if (this.#tap?.takes(b, o, end, envelope) === false) {
      out.discard(out.start + before);
      this.printer.begun = begun;
      return;
    }
    this.printer.keep?.();
    if (this.#verifier !== undefined) {
      const text = out.o.toString("latin1", out.start + before, out.p);
      const difference = this.#verifier.compare(text, b, o, end);
      if (difference !== undefined) throw new BadMessage(EXIT.MISMATCH, difference.text, difference.offset);
    }
    if (out.p > this.most) this.flush();
  }

  /** Writes what is collected. */
  flush(): void {
    if (this.out.length > 0) this.#write(this.out.take());
    this.out.rewind();
    this.#tap?.flush();
  }

  /** Appends what stands behind the last message. */
  finish(): void {
    this.printer.end(this.out);
  }

  #expectFailure(b: Buffer, o: number, end: number, probe: Text, envelope: Envelope): void {
    try {
      decodeFrame(b, o, end, probe, envelope, this.#tap?.printer);
    } catch (error) {
      if (error instanceof DecodeError) return;
      throw error;
    }
    probe.rewind();
    if (this.#tap?.takes(b, o, end, envelope) === false) return;
    throw new BadMessage(EXIT.CONTRARY, "decoded, and --invert-check expects that no message can be", 0);
  }
}

/** The messages of one input. */
class FrameConsumer implements Consumer {
  readonly #source: Source;
  readonly #failures: Failures;
  readonly #invert: boolean;
  readonly #splitter: FrameSplitter;
  readonly #hex: HexReader | undefined;
  readonly #envelope: Envelope;
  /** Where the next message starts: bytes from the start of the input. */
  #offset: number;

  constructor(decoding: Decoding, source: Source, failures: Failures, counter: Counter) {
    const { settings } = decoding;
    const options = new TunnelOptions();
    if (source.options !== undefined) options.restore(source.options);
    const envelope = makeEnvelope(settings.showFilename ? { _file: source.name } : {}, options);
    this.#source = source;
    this.#failures = failures;
    this.#invert = settings.invert;
    this.#envelope = envelope;
    this.#offset = source.offset;
    this.#splitter = new FrameSplitter((b, o, end) => {
      try {
        decoding.decode(b, o, end, envelope);
      } catch (error) {
        this.#reportFrame(error, b.subarray(o, end));
      }
      options.observe(b, o, end);
      this.#offset += end - o;
      counter.messages++;
    });
    this.#hex = settings.hex ? new HexReader((bytes) => this.#splitter.push(bytes)) : undefined;
  }

  push(chunk: Buffer): boolean {
    if (this.#source.live) {
      const now = Date.now();
      this.#envelope.sec = Math.floor(now / 1000);
      this.#envelope.nsec = (now % 1000) * 1_000_000;
    }
    return this.#guarded(() => (this.#hex ?? this.#splitter).push(chunk));
  }

  end(): void {
    if (this.#hex !== undefined && !this.#guarded(() => this.#hex?.end())) return;
    const pending = this.#splitter.pending;
    if (pending === 0) return;
    const bytes = `${pending} ${pending === 1 ? "byte" : "bytes"}`;
    this.#report(EXIT.SHORT_READ, `the input ends ${bytes} into a message`, this.#offset);
  }

  /** Runs a step after which the input cannot be trusted when it fails; false then. */
  #guarded(step: () => void): boolean {
    try {
      step();
      return true;
    } catch (error) {
      if (error instanceof DecodeError) {
        if (!this.#invert) this.#report(EXIT.FAILED, withoutOffset(error), this.#offset + error.offset);
      } else if (error instanceof HexError) {
        this.#failures.add(EXIT.FAILED, `${this.#source.name}:${error.line}: ${error.detail}`);
      } else throw error;
      return false;
    }
  }

  #reportFrame(error: unknown, frame: Buffer): void {
    const { code, text, where, offset } = failureOf(error, frame);
    this.#report(code, `${text} (${where} at byte ${this.#offset})`, this.#offset + offset);
  }

  #report(code: ExitCode, text: string, offset: number): void {
    this.#failures.add(code, `${this.#source.name}: byte ${offset}: ${text}`);
  }
}

/** The message without the offset from the start of the frame, which is told as one from the start of the input. */
function withoutOffset(error: DecodeError): string {
  const suffix = ` (byte ${error.offset})`;
  return error.message.endsWith(suffix) ? error.message.slice(0, -suffix.length) : error.message;
}
