// What a CaptureReader finds.

/** One direction of a connection. There is one object for all its messages: what belongs to it can be kept in a WeakMap. */
export interface CapturedFlow {
  /** Counts the connections from 1; the same for both directions. */
  readonly connId: number;
  /** What both directions share: one object for each connection. */
  readonly connection: object;
  /** Who sends: `10.0.0.1:6653`, `[::1]:6653`. */
  readonly src: string;
  /** Who receives. */
  readonly dst: string;
  readonly srcPort: number;
  readonly dstPort: number;
}

/** An OpenFlow message of a connection. The object and its bytes are valid until the callback returns. */
export interface CapturedMessage {
  /** The message is bytes[start, end). */
  readonly bytes: Buffer;
  readonly start: number;
  readonly end: number;
  readonly flow: CapturedFlow;
  /** When the packet was captured that made the message complete: seconds since 1970, -1 where the file does not say. */
  readonly sec: number;
  /** Nanoseconds, 0..999999999. */
  readonly nsec: number;
}

/**
 * What can be wrong with a capture. DAMAGED: a file, or a packet in it, is not what it says; LINK_TYPE: packets of a kind that is
 * not read; MISSING: bytes of a connection, or fragments of an IP packet, are not in the capture;
 * NOT_OPENFLOW: a connection speaks something else; ENCRYPTED: it is TLS; LIMIT: more than a limit lets the reader hold.
 */
export type CaptureTroubleCode = "DAMAGED" | "LINK_TYPE" | "MISSING" | "NOT_OPENFLOW" | "ENCRYPTED" | "LIMIT";

/** Something in a capture that cost messages, or may have. */
export interface CaptureTrouble {
  readonly code: CaptureTroubleCode;
  /** A sentence for people, with the packet and the connection, without the name of the file and without a full stop. */
  readonly text: string;
  /** Number of the packet in its file, from 1, at which it was noticed. */
  readonly packet: number;
  /** The direction of the connection, where one is meant. */
  readonly flow: CapturedFlow | undefined;
}
