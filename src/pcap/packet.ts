// What a capture file holds.

/** One packet. The reader of a file has one object for all: what it says is valid until the next packet. */
export interface Packet {
  b: Buffer;
  /** The bytes that were captured: b[o, end). */
  o: number;
  end: number;
  /** What the bytes start with (LINKTYPE_*, tcpdump.org/linktypes.html). */
  linkType: number;
  /** When it was captured: seconds since 1970, -1 where the file does not say. */
  sec: number;
  /** 0..999999999. */
  nsec: number;
}

/** What a file tells its reader. */
export interface FileEvents {
  /** What the packets start with, or the first ones where there are several kinds. */
  onLinkType(linkType: number): void;
  /** The next packet. */
  onPacket(packet: Packet): void;
  /** Secrets of TLS are in the file. */
  onSecrets(): void;
  /** The rest of the file cannot be read. @param detail  without the name of the file; with the place */
  onDamage(detail: string): void;
}

/** Reads the bytes of one file. */
export interface FileReader {
  /** Takes the next bytes of the file. */
  push(chunk: Buffer): void;
  /** Takes the end of the file. */
  end(): void;
}

/** Longest packet that is read. The programs that capture keep to 256 KiB; a longer one means that a length lies. */
export const MAX_PACKET = 1 << 20;

/** A packet to be filled. */
export function makePacket(): Packet {
  return { b: Buffer.alloc(0), o: 0, end: 0, linkType: 0, sec: -1, nsec: 0 };
}
