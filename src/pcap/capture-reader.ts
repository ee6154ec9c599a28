/** Captures of OpenFlow connections become messages. */
import type { PacketFilter } from "../packet/index.js";
import type { StreamSink } from "./byte-stream.js";
import { CaptureFile } from "./capture-file.js";
import { CAPTURE_LIMITS, type CaptureLimits, type HeldBytes } from "./capture-limits.js";
import type {
  CapturedFlow,
  CapturedMessage,
  CaptureTrouble,
  CaptureTroubleCode,
} from "./captured-message.js";
import { Connections } from "./connections.js";
import type { Datagram, PacketPlace } from "./datagram.js";
import { type FragmentLoss, Fragments } from "./fragments.js";
import { findIp, knowsLinkType, linkTypeName } from "./link-layer.js";
import { MessageFinder } from "./message-finder.js";
import { OPENFLOW_PORTS } from "./openflow-ports.js";
import type { Speech } from "./openflow-sign.js";
import type { Packet } from "./packet.js";
import { chooseByFilter, choosePorts, type PacketChoice } from "./packet-choice.js";
import { PacketTally } from "./packet-tally.js";
import { makeSegment, readSegment, TCP } from "./segment.js";

/** Which packets of a capture are read, and how much may be held. */
export interface CaptureOptions {
  /**
   * `ports`: TCP at one of OPENFLOW_PORTS, which is what counts where nothing is said; `all`: any TCP, of which only connections
   * are told that look like OpenFlow; else what a filter for Ethernet takes.
   */
  readonly packets?: "ports" | "all" | PacketFilter;
  readonly limits?: Partial<CaptureLimits>;
  /** Told for each file what its packets start with, as tcpdump calls it (`EN10MB`), once that is known. */
  readonly onLinkType?: (name: string) => void;
}

/** What is told of packets whose fragments could not be put together. */
const LOSSES: Readonly<Record<FragmentLoss, readonly [CaptureTroubleCode, string]>> = {
  MISSING: ["MISSING", "sent in IP fragments of which others are missing"],
  DIFFERENT: ["DAMAGED", "sent in IP fragments that overlap and differ"],
  LIMIT: ["LIMIT", "sent in IP fragments, of which too many were held to wait for the others"],
};
const DAMAGED = "damaged, with lengths that cannot be";
const CUT = "captured so short that the header of TCP is not whole";

/**
 * Reads captures, one file after the other; connections go on from one file to the next. Tells each message as soon as it is
 * complete, those of one direction in their order.
 */
export class CaptureReader {
  readonly #onMessage: (message: CapturedMessage) => void;
  readonly #onTrouble: (trouble: CaptureTrouble) => void;
  readonly #onLinkType: ((name: string) => void) | undefined;
  readonly #guess: boolean;
  readonly #chooses: PacketChoice | undefined;
  readonly #connections: Connections;
  readonly #held: HeldBytes = { count: 0 };
  readonly #segment = makeSegment();
  readonly #fragments: Fragments;
  #tally = new PacketTally();
  #file: CaptureFile | undefined;
  /** Files that have begun. */
  #files = 0;
  /** Packets of the file, and of those before it. */
  #packet = 0;
  #before = 0;
  #processed = 0;
  #secrets = false;
  /** Connections that were given up because of a limit. */
  #givenUp = 0;

  constructor(
    options: CaptureOptions,
    onMessage: (message: CapturedMessage) => void,
    onTrouble: (trouble: CaptureTrouble) => void,
  ) {
    const { packets = "ports", limits, onLinkType } = options;
    this.#guess = packets === "all";
    if (packets === "ports") this.#chooses = choosePorts(OPENFLOW_PORTS);
    else if (packets !== "all") this.#chooses = chooseByFilter(packets);
    this.#onLinkType = onLinkType;
    this.#onMessage = onMessage;
    this.#onTrouble = onTrouble;
    const allLimits = { ...CAPTURE_LIMITS, ...limits };
    this.#fragments = new Fragments({
      limits: allLimits,
      onLoss: (loss, datagram, place) => this.#noteLoss(loss, datagram, place),
    });
    this.#connections = new Connections({
      limits: allLimits,
      held: this.#held,
      makeSink: (flow, speech) => this.#makeSink(flow, speech),
      onLimit: ({ id }, reason) => {
        if (this.#givenUp++ === 0)
          this.#tell("LIMIT", `${reason}: connection ${id} is given up, others may follow`);
      },
    });
  }

  /** Number of the packet in the file, from 1, that is being read; 0 when it is none. */
  get packet(): number {
    return this.#packet;
  }

  /** Whether the file, or the one before where none has begun, holds the keys of TLS connections. */
  get hasSecrets(): boolean {
    return this.#secrets;
  }

  /** Whether bytes of a file have come whose end has not. */
  get begun(): boolean {
    return this.#file !== undefined;
  }

  /** Packets of all files that were of the kind that is read. */
  get packets(): number {
    return this.#processed;
  }

  /** Takes the next bytes of a file, from its first one on. */
  push(chunk: Buffer): void {
    this.#file ??= this.#beginFile();
    this.#file.push(chunk);
  }

  /** Takes the end of a file. What is pushed after that belongs to another one. @param whole  false: it may end within a packet */
  endFile(whole = true): void {
    if (whole) (this.#file ?? this.#beginFile()).end();
    this.#file = undefined;
    this.#before += this.#packet;
    this.#packet = 0;
    this.#tellTally();
  }

  /** What takes the bytes of a connection that others have decrypted: those that go the way of `flow`, and those that come back. */
  decrypted(flow: CapturedFlow): readonly [there: StreamSink, back: StreamSink] {
    const { src, dst, srcPort, dstPort } = flow;
    const speech = { version: 0, encrypted: true };
    const back = { ...flow, src: dst, dst: src, srcPort: dstPort, dstPort: srcPort };
    return [this.#makeSink(flow, speech), this.#makeSink(back, speech)];
  }

  /** Takes the end of all files. */
  end(): void {
    if (this.#file !== undefined) this.endFile();
    this.#fragments.end();
    this.#tellTally();
    this.#connections.end();
    if (this.#givenUp > 1)
      this.#tell("LIMIT", `${this.#givenUp} connections were given up because of a limit`);
  }

  #tellTally(): void {
    this.#tally.tell((code, text) => this.#tell(code, text));
    this.#tally = new PacketTally();
  }

  #beginFile(): CaptureFile {
    this.#files++;
    return new CaptureFile({
      onLinkType: (linkType) => this.#onLinkType?.(linkTypeName(linkType)),
      onPacket: (packet) => this.#takePacket(packet),
      onSecrets: () => {
        this.#secrets = true;
      },
      onDamage: (text) => this.#tell("DAMAGED", text),
    });
  }

  #takePacket(packet: Packet): void {
    this.#packet++;
    const { linkType, b, end } = packet;
    if (!knowsLinkType(linkType)) {
      this.#tally.add("LINK_TYPE", `of link type ${linkType}, which is not read`, this.#packet);
      return;
    }
    const ip = findIp(linkType, b, packet.o, end);
    if (ip < 0) return;
    this.#takeIp(packet, ip);
  }

  /** Takes a captured packet, or one that was put together, whose IP packet starts at `ip`. */
  #takeIp(packet: Packet, ip: number, together = false): void {
    const segment = this.#segment;
    const { b, end, sec, nsec } = packet;
    const kind = readSegment(b, ip, end, segment);
    if (kind === "OTHER") return;
    // Fragments of fragments are an attack.
    if (kind === "DAMAGED" || (kind === "FRAGMENT" && together))
      this.#tally.add("DAMAGED", DAMAGED, this.#packet);
    else if (kind === "CUT") this.#tally.add("MISSING", CUT, this.#packet);
    else if (kind === "FRAGMENT") this.#takeFragment(packet, ip);
    else if (this.#chooses === undefined || this.#chooses(packet, ip, segment)) {
      this.#processed++;
      this.#connections.take(segment, b, sec, nsec);
    }
  }

  #takeFragment(packet: Packet, ip: number): void {
    const place = { file: this.#files, packet: this.#packet, total: this.#before + this.#packet };
    const whole = this.#fragments.take(packet, ip, place);
    if (whole === "DAMAGED") this.#tally.add("DAMAGED", DAMAGED, this.#packet);
    else if (whole !== "HELD") this.#takeIp(whole, ip - packet.o, true);
  }

  /** Counts a packet whose fragments were given up, unless it is known that it is not wanted. */
  #noteLoss(loss: FragmentLoss, datagram: Datagram, { file, packet }: PacketPlace): void {
    const segment = this.#segment;
    if (datagram.begun) {
      const start = datagram.build(-1, 0);
      const ip = findIp(start.linkType, start.b, start.o, start.end);
      const kind = readSegment(start.b, ip, start.end, segment);
      if (kind === "OTHER" || (kind === "TCP" && this.#chooses?.(start, ip, segment) === false)) return;
    } else if (datagram.protocol !== TCP) return;
    this.#tally.add(...LOSSES[loss], file === this.#files ? packet : 0);
  }

  #makeSink(flow: CapturedFlow, speech: Speech): StreamSink {
    const { connId, src, dst } = flow;
    const bytes: Buffer = Buffer.alloc(0);
    const message = { bytes, start: 0, end: 0, flow, sec: -1, nsec: 0 };
    const named = `connection ${connId} from ${src} to ${dst}`;
    return new MessageFinder(
      { guess: this.#guess, speech, held: this.#held },
      {
        onMessage: (b, o, end, sec, nsec) => {
          message.bytes = b;
          message.start = o;
          message.end = end;
          message.sec = sec;
          message.nsec = nsec;
          this.#onMessage(message);
        },
        onLoss: (text) => this.#tell("MISSING", `${named}: ${text}`, flow),
        onForeign: (start) => {
          if (this.#guess) return;
          const found =
            start.length > 0 ? `it starts with ${start.toString("hex")}` : "no message begins in it";
          this.#tell("NOT_OPENFLOW", `${named} is not OpenFlow: ${found}`, flow);
        },
        onEncrypted: () => {
          if (this.#guess || speech.encrypted) return;
          speech.encrypted = true;
          this.#tell("ENCRYPTED", `connection ${connId} between ${src} and ${dst} is encrypted (TLS)`, flow);
        },
      },
    );
  }

  #tell(code: CaptureTroubleCode, text: string, flow?: CapturedFlow): void {
    this.#onTrouble({ code, text, packet: this.#packet, flow });
  }
}
