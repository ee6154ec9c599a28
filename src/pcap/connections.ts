// The TCP connections of a capture, found by their ends.
import { ByteStream, type StreamSink } from "./byte-stream.js";
import type { CapturedFlow } from "./captured-message.js";
import { formatEndpoint } from "./endpoint-text.js";
import type { Segment } from "./segment.js";

/** A connection with its two directions. */
export interface Connection {
  readonly id: number;
  /** From the lesser end to the greater one, and back. */
  readonly streams: readonly [ByteStream, ByteStream];
}

/** Knows the connections. */
export class Connections {
  readonly #makeSink: (flow: CapturedFlow) => StreamSink;
  readonly #byKey = new Map<string, Connection>();
  readonly #key = Buffer.alloc(36);
  #count = 0;

  constructor(makeSink: (flow: CapturedFlow) => StreamSink) {
    this.#makeSink = makeSink;
  }

  /** The connection of a segment in `b`; a new one when there is none. */
  of(segment: Segment, b: Buffer): Connection {
    const key = this.#keyOf(segment, b);
    let connection = this.#byKey.get(key);
    if (connection === undefined) {
      connection = this.#make(segment, b);
      this.#byKey.set(key, connection);
    }
    return connection;
  }

  #make(segment: Segment, b: Buffer): Connection {
    const { addresses, addressSize, sourcePort, destinationPort } = segment;
    const source = formatEndpoint(b, addresses, addressSize, sourcePort);
    const destination = formatEndpoint(b, addresses + addressSize, addressSize, destinationPort);
    this.#count++;
    const there = {
      connId: this.#count,
      src: source,
      dst: destination,
      srcPort: sourcePort,
      dstPort: destinationPort,
    };
    const back = {
      connId: this.#count,
      src: destination,
      dst: source,
      srcPort: destinationPort,
      dstPort: sourcePort,
    };
    const [first, second] = isForward(segment, b) ? [there, back] : [back, there];
    const streams = [new ByteStream(this.#makeSink(first)), new ByteStream(this.#makeSink(second))] as const;
    return { id: this.#count, streams };
  }

  /** Both directions have the same key: addresses and ports of the lesser end, then of the other one. */
  #keyOf(segment: Segment, b: Buffer): string {
    const { addresses, addressSize: size, ports } = segment;
    const key = this.#key;
    const [first, second] = isForward(segment, b) ? [0, 1] : [1, 0];
    b.copy(key, 0, addresses + first * size, addresses + (first + 1) * size);
    b.copy(key, size, addresses + second * size, addresses + (second + 1) * size);
    b.copy(key, 2 * size, ports + first * 2, ports + first * 2 + 2);
    b.copy(key, 2 * size + 2, ports + second * 2, ports + second * 2 + 2);
    return key.toString("latin1", 0, 2 * size + 4);
  }
}

/** Whether a segment goes from the lesser end to the greater one. */
export function isForward(segment: Segment, b: Buffer): boolean {
  const { addresses, addressSize: size, sourcePort, destinationPort } = segment;
  const order = b.compare(b, addresses + size, addresses + 2 * size, addresses, addresses + size);
  return order === 0 ? sourcePort <= destinationPort : order < 0;
}
