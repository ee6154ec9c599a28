/** `oftr decode` of captures: the messages of their connections are decoded as those of other inputs are. */
import { type Envelope, makeEnvelope, TunnelOptions } from "../codec/decode.js";
import {
  type CapturedFlow,
  type CapturedMessage,
  CaptureReader,
  type CaptureTrouble,
  type CaptureTroubleCode,
} from "../pcap/index.js";
import { DEFAULT_FILTER } from "./capture-input.js";
import { type Decoding, failureOf } from "./decoding.js";
import { EXIT } from "./exit-codes.js";
import { type ExitCode, type Failures, systemReason, tell } from "./failures.js";
import { CHUNK_BYTES, type Input, readInput } from "./input.js";
import type { Progress } from "./progress.js";

/** What the options say of captures. */
export interface CaptureSettings {
  /** The packets that are wanted, in tcpdump's language; "" for all. */
  readonly filter: string;
}

/** Exit codes of what can be wrong with a capture. */
const CODES: Readonly<Record<CaptureTroubleCode, ExitCode>> = {
  DAMAGED: EXIT.FAILED,
  LINK_TYPE: EXIT.FAILED,
  FRAGMENT: EXIT.FAILED,
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
  readonly #chunk = Buffer.allocUnsafeSlow(CHUNK_BYTES);
  #file = "";
  #files = 0;

  constructor(settings: CaptureSettings, decoding: Decoding, failures: Failures, progress: Progress) {
    this.#settings = settings;
    this.#decoding = decoding;
    this.#failures = failures;
    this.#progress = progress;
    this.#reader = new CaptureReader(
      {
        packets: settings.filter === DEFAULT_FILTER ? "ports" : "all",
        onLinkType: (name) => this.#announce(name),
      },
      (message) => this.#take(message),
      (trouble) => this.#report(trouble),
    );
  }

  /** Decodes a whole file. */
  read(input: Input): void {
    this.#file = input.name;
    this.#files++;
    try {
      for (;;) {
        const n = readInput(input, this.#chunk, 0);
        if (n === 0) break;
        this.#reader.push(this.#chunk.subarray(0, n));
        this.#decoding.flush();
        this.#progress.bytes += n;
        this.#progress.tick();
      }
    } catch (error) {
      if (!(error instanceof Error && "syscall" in error)) throw error;
      this.#failures.noteFile(EXIT.OPEN, `reading ${input.name}: ${systemReason(error)}`);
    }
    this.#reader.endFile();
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

  #report({ code, text, packet }: CaptureTrouble): void {
    this.#failures.note(CODES[code], `${this.#place(packet)}${text}`);
  }

  #place(packet: number): string {
    return packet === 0 ? `${this.#file}: ` : `${this.#file}: packet ${packet}: `;
  }
}
