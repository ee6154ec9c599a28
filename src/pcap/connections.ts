// The TCP connections of a capture, found by their ends.
import { AgeList } from "../base/index.js";
import type { CaptureLimits, HeldBytes } from "./capture-limits.js";
import type { CapturedFlow } from "./captured-message.js";
import { Connection, type MakeSink } from "./connection.js";
import { formatEndpoint } from "./endpoint-text.js";
import type { Segment } from "./segment.js";

/** Bytes of the longest key: two addresses of IPv6 and two ports. */
const LONGEST_KEY = 36;

/** What the table needs to know. */
export interface ConnectionsOptions {
  readonly limits: CaptureLimits;
  readonly held: HeldBytes;
  readonly makeSink: MakeSink;
  /** A connection is given up because of a limit. @param reason  which one: `more than 16384 connections` */
  readonly onLimit: (connection: Connection, reason: string) => void;
}

/** Knows the connections, and gives up those that have been silent for longest when there is too much of them. */
export class Connections {
  readonly #options: ConnectionsOptions;
  readonly #byKey = new Map<string, Connection>();
  readonly #key = Buffer.alloc(LONGEST_KEY);
  /** The one with the newest packet is the newest. */
  readonly #ages = new AgeList<Connection>();
  #count = 0;

  constructor(options: ConnectionsOptions) {
    this.#options = options;
  }

  /** Takes a segment, whose bytes are in `b`. */
  take(segment: Segment, b: Buffer, sec: number, nsec: number): void {
    const forward = isForward(segment, b);
    const direction = forward ? 0 : 1;
    const key = this.#keyOf(segment, b, forward);
    let connection = this.#byKey.get(key);
    if (connection !== undefined && !connection.owns(segment, direction)) {
      this.#remove(connection);
      connection.end();
      connection = undefined;
    }
    if (connection === undefined) connection = this.#add(key, segment, b, forward);
    else this.#refresh(connection);
    connection.take(segment, direction, b, sec, nsec);
    this.#enforceLimits();
  }

  /** Takes the end of all connections. */
  end(): void {
    for (const connection of this.#byKey.values()) connection.end();
    this.#byKey.clear();
    this.#ages.clear();
  }

  #enforceLimits(): void {
    const { limits, held, onLimit } = this.#options;
    while (this.#byKey.size > limits.connections || held.count > limits.heldBytes) {
      const { oldest } = this.#ages;
      if (oldest === undefined) return;
      const many = this.#byKey.size > limits.connections;
      onLimit(
        oldest,
        many ? `more than ${limits.connections} connections` : `more than ${limits.heldBytes} bytes held`,
      );
      this.#remove(oldest);
      oldest.end();
    }
  }

  #add(key: string, segment: Segment, b: Buffer, forward: boolean): Connection {
    const { addresses, addressSize: size, sourcePort, destinationPort } = segment;
    const source = formatEndpoint(b, addresses, size, sourcePort);
    const destination = formatEndpoint(b, addresses + size, size, destinationPort);
    const connId = ++this.#count;
    const both = { connId, connection: {} };
    const there = { ...both, src: source, dst: destination, srcPort: sourcePort, dstPort: destinationPort };
    const back = { ...both, src: destination, dst: source, srcPort: destinationPort, dstPort: sourcePort };
    const flows: [CapturedFlow, CapturedFlow] = forward ? [there, back] : [back, there];
    const { makeSink, limits, held } = this.#options;
    const connection = new Connection(key, flows, makeSink, limits, held);
    this.#byKey.set(key, connection);
    this.#ages.add(connection);
    return connection;
  }

  #remove(connection: Connection): void {
    this.#byKey.delete(connection.key);
    this.#ages.remove(connection);
  }

  /** Notes that a connection is the one with the newest packet. */
  #refresh(connection: Connection): void {
    if (connection === this.#ages.newest) return;
    this.#ages.remove(connection);
    this.#ages.add(connection);
  }

  /** Both directions have the same key: addresses and ports of the lesser end, then of the other one. */
  #keyOf({ addresses, addressSize: size, ports }: Segment, b: Buffer, forward: boolean): string {
    const key = this.#key;
    const first = forward ? 0 : 1;
    const second = 1 - first;
    b.copy(key, 0, addresses + first * size, addresses + (first + 1) * size);
    b.copy(key, size, addresses + second * size, addresses + (second + 1) * size);
    b.copy(key, 2 * size, ports + first * 2, ports + first * 2 + 2);
    b.copy(key, 2 * size + 2, ports + second * 2, ports + second * 2 + 2);
    return key.toString("latin1", 0, 2 * size + 4);
  }
}

/** Whether a segment goes from the lesser end to the greater one. */
function isForward(
  { addresses, addressSize: size, sourcePort, destinationPort }: Segment,
  b: Buffer,
): boolean {
  const order = b.compare(b, addresses + size, addresses + 2 * size, addresses, addresses + size);
  return order === 0 ? sourcePort <= destinationPort : order < 0;
}
