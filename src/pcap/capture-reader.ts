/** Captures of OpenFlow connections become messages. */
import { FrameSplitter } from "../wire/index.js";
import type { StreamSink } from "./byte-stream.js";
import { CaptureFile } from "./capture-file.js";
import type { CapturedFlow, CapturedMessage, CaptureTrouble } from "./captured-message.js";
import { Connections, isForward } from "./connections.js";
import { findIp, linkTypeName } from "./link-layer.js";
import type { Packet } from "./packet.js";
import { makeSegment, readSegment, SYN } from "./segment.js";

/** Which packets of a capture are read. */
export interface CaptureOptions {
  /** TCP ports, one of which must be one of a packet's two; undefined when any will do. */
  readonly ports?: readonly number[] | undefined;
  /** Told for each file what its packets start with, as tcpdump calls it (`EN10MB`), once that is known. */
  readonly onLinkType?: (name: string) => void;
}

/**
 * Reads captures, one file after the other; connections go on from one file to the next. Tells each message as soon as it is
 * complete, those of one direction in their order.
 */
export class CaptureReader {
  readonly #onMessage: (message: CapturedMessage) => void;
  readonly #onTrouble: (trouble: CaptureTrouble) => void;
  readonly #onLinkType: ((name: string) => void) | undefined;
  readonly #ports: ReadonlySet<number> | undefined;
  readonly #connections = new Connections((flow) => this.#makeSink(flow));
  readonly #segment = makeSegment();
  #file: CaptureFile | undefined;
  #packet = 0;
  #processed = 0;

  constructor(
    options: CaptureOptions,
    onMessage: (message: CapturedMessage) => void,
    onTrouble: (trouble: CaptureTrouble) => void,
  ) {
    this.#ports = options.ports === undefined ? undefined : new Set(options.ports);
    this.#onLinkType = options.onLinkType;
    this.#onMessage = onMessage;
    this.#onTrouble = onTrouble;
  }

  /** Number of the packet in the file, from 1, that is being read. */
  get packet(): number {
    return this.#packet;
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

  /** Takes the end of a file. What is pushed after that belongs to another one. */
  endFile(): void {
    (this.#file ?? this.#beginFile()).end();
    this.#file = undefined;
  }

  /** Takes the end of all files. */
  end(): void {
    if (this.#file !== undefined) this.endFile();
  }

  #beginFile(): CaptureFile {
    this.#packet = 0;
    return new CaptureFile({
      onLinkType: (linkType) => this.#onLinkType?.(linkTypeName(linkType)),
      onPacket: (packet) => this.#takePacket(packet),
      onSecrets: () => undefined,
      onDamage: (text) => this.#onTrouble({ code: "DAMAGED", text, packet: this.#packet, connId: undefined }),
    });
  }

  #takePacket(packet: Packet): void {
    this.#packet++;
    const { b, end } = packet;
    const segment = this.#segment;
    const ip = findIp(packet.linkType, b, packet.o, end);
    if (ip < 0 || readSegment(b, ip, end, segment) !== "TCP") return;
    const { sourcePort, destinationPort, flags } = segment;
    if (this.#ports !== undefined && !this.#ports.has(sourcePort) && !this.#ports.has(destinationPort))
      return;
    this.#processed++;
    const stream = this.#connections.of(segment, b).streams[isForward(segment, b) ? 0 : 1];
    if ((flags & SYN) !== 0) stream.start(segment.sequence + 1);
    else stream.take(segment, b, packet.sec, packet.nsec);
  }

  #makeSink(flow: CapturedFlow): StreamSink {
    const bytes: Buffer = Buffer.alloc(0);
    const message = { bytes, start: 0, end: 0, flow, sec: -1, nsec: 0 };
    const splitter = new FrameSplitter((b, start, end) => {
      message.bytes = b;
      message.start = start;
      message.end = end;
      this.#onMessage(message);
    });
    return {
      onBytes: (b, o, end, sec, nsec) => {
        message.sec = sec;
        message.nsec = nsec;
        splitter.push(b.subarray(o, end));
      },
    };
  }
}
