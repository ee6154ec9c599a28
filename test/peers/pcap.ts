/**
 * Capture files: of frames, or of one TCP connection to the port of OpenFlow controllers, a segment for each message.
 *
 *   pcap   24 bytes of file header, then records: 16 bytes of record header and the frame
 *   frame  Ethernet 14, IPv4 20, TCP 20, the message
 */

const FILE_HEADER = 24;
const RECORD_HEADER = 16;
const ETHERNET = 14;
const IPV4 = 20;
const TCP = 20;

/** The port that IANA gives to OpenFlow. */
const OPENFLOW_PORT = 6653;

/** The bytes of a capture file with these frames of Ethernet, each a millisecond after the one before. */
export function captureOf(frames: readonly Uint8Array[]): Buffer {
  const header = Buffer.alloc(FILE_HEADER);
  header.writeUInt32BE(0xa1b2c3d4, 0);
  header.writeUInt16BE(2, 4);
  header.writeUInt16BE(4, 6);
  header.writeUInt32BE(0x40000, 16);
  header.writeUInt32BE(1, 20);
  return Buffer.concat([header, ...frames.flatMap((frame, n) => [recordHeader(frame, n), frame])]);
}

function recordHeader(frame: Uint8Array, n: number): Buffer {
  const b = Buffer.alloc(RECORD_HEADER);
  b.writeUInt32BE(1_600_000_000 + Math.floor(n / 1000), 0);
  b.writeUInt32BE((n % 1000) * 1000, 4);
  b.writeUInt32BE(frame.length, 8);
  b.writeUInt32BE(frame.length, 12);
  return b;
}

/** The bytes of a capture file with these messages, 65495 bytes long at most each. */
export function pcapOf(messages: readonly Buffer[]): Buffer {
  let sequence = 1;
  return captureOf(
    messages.map((message) => {
      const frame = segment(message, sequence);
      sequence += message.length;
      return frame;
    }),
  );
}

/** The frame with a message of the connection. */
function segment(message: Buffer, sequence: number): Buffer {
  const length = ETHERNET + IPV4 + TCP + message.length;
  const b = Buffer.alloc(length - message.length);
  b.set([2, 0, 0, 0, 0, 2, 2, 0, 0, 0, 0, 1, 0x08, 0x00]);

  const ip = ETHERNET;
  b[ip] = 0x45;
  b.writeUInt16BE(length - ETHERNET, ip + 2);
  b[ip + 8] = 64;
  b[ip + 9] = 6;
  b.set([10, 0, 0, 1, 10, 0, 0, 2], ip + 12);
  b.writeUInt16BE(internetChecksum(b.subarray(ip, ip + IPV4)), ip + 10);

  const tcp = ip + IPV4;
  b.writeUInt16BE(40_000, tcp);
  b.writeUInt16BE(OPENFLOW_PORT, tcp + 2);
  b.writeUInt32BE(sequence, tcp + 4);
  b.writeUInt32BE(1, tcp + 8);
  b[tcp + 12] = (TCP / 4) << 4;
  b[tcp + 13] = 0x18; // PSH, ACK
  b.writeUInt16BE(0xffff, tcp + 14);

  // The checksum of TCP also covers addresses, protocol and length.
  const pseudo = Buffer.from([...b.subarray(ip + 12, ip + 20), 0, 6, 0, 0]);
  pseudo.writeUInt16BE(TCP + message.length, 10);
  const covered = Buffer.concat([pseudo, b.subarray(tcp), message]);
  b.writeUInt16BE(internetChecksum(covered), tcp + 16);
  return Buffer.concat([b, message]);
}

/** RFC 1071; the checksum field itself is still zero. */
function internetChecksum(bytes: Buffer): number {
  let sum = 0;
  for (let at = 0; at < bytes.length; at++) sum += (bytes[at] as number) << (at % 2 === 0 ? 8 : 0);
  while (sum > 0xffff) sum = (sum & 0xffff) + (sum >>> 16);
  return ~sum & 0xffff;
}
