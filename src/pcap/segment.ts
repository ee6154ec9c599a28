// TCP segments (RFC 9293 §3.1) in IP packets.
import { isExtension, makeExtensions, scanExtensions } from "../packet/index.js";
import { u16, u32 } from "../wire/index.js";

/** Number of TCP in IP headers. */
export const TCP = 6;
/** The authentication header, which others follow (RFC 4302 §2). */
const AUTH = 51;
const IPV4_HEADER = 20;
const IPV6_HEADER = 40;
const TCP_HEADER = 20;

/** One segment; one object serves all. Offsets are those in the captured packet. */
export interface Segment {
  /** Where the source address stands, the destination's behind it. */
  addresses: number;
  /** Bytes of one address: 4 or 16. */
  addressSize: number;
  /** Where the ports stand, the source's first. */
  ports: number;
  sourcePort: number;
  destinationPort: number;
  sequence: number;
  acknowledged: number;
  flags: number;
  /** The payload that was captured: b[payload, payloadEnd). */
  payload: number;
  payloadEnd: number;
  /** Bytes of payload behind it that were sent and not captured. */
  cut: number;
}

/**
 * What an IP packet is to us. OTHER: no TCP; FRAGMENT: a part of a packet that may be TCP; DAMAGED: a length in it lies; CUT: it was
 * not captured as far as TCP's header goes.
 */
export type SegmentKind = "TCP" | "OTHER" | "FRAGMENT" | "DAMAGED" | "CUT";

/** A segment to be filled. */
export function makeSegment(): Segment {
  return {
    addresses: 0,
    addressSize: 4,
    ports: 0,
    sourcePort: 0,
    destinationPort: 0,
    sequence: 0,
    acknowledged: 0,
    flags: 0,
    payload: 0,
    payloadEnd: 0,
    cut: 0,
  };
}

/** Reads the segment in the IP packet b[o, end) into `segment`, which is whole when the answer is TCP. */
export function readSegment(b: Buffer, o: number, end: number, segment: Segment): SegmentKind {
  if (end - o < 1) return "CUT";
  const version = b[o]! >> 4;
  if (version === 4) return readIpv4(b, o, end, segment);
  return version === 6 ? readIpv6(b, o, end, segment) : "OTHER";
}

const extensions = makeExtensions();

function readIpv4(b: Buffer, o: number, end: number, segment: Segment): SegmentKind {
  if (end - o < IPV4_HEADER) return "CUT";
  const protocol = b[o + 9]!;
  if (protocol !== TCP && protocol !== AUTH) return "OTHER";
  const header = (b[o]! & 15) * 4;
  // A card that splits packets leaves 0 in what is captured before that.
  const total = u16(b, o + 2) || end - o;
  if (header < IPV4_HEADER || total < header) return "DAMAGED";
  if ((u16(b, o + 6) & 0x3fff) !== 0) return end - o < header ? "CUT" : "FRAGMENT";
  segment.addresses = o + 12;
  segment.addressSize = 4;
  if (protocol === TCP) return readTcp(b, o + header, o + total, end, segment);
  const behind = scanExtensions(b, protocol, o + header, Math.min(end, o + total), extensions);
  return behind.protocol === TCP ? readTcp(b, behind.stop, o + total, end, segment) : "OTHER";
}

function readIpv6(b: Buffer, o: number, end: number, segment: Segment): SegmentKind {
  if (end - o < IPV6_HEADER) return "CUT";
  // 0 as above, and in jumbograms, whose length is elsewhere.
  const total = (u16(b, o + 4) || end - o - IPV6_HEADER) + IPV6_HEADER;
  const { stop, protocol, fragment } = scanExtensions(
    b,
    b[o + 6]!,
    o + IPV6_HEADER,
    Math.min(end, o + total),
    extensions,
  );
  if (fragment !== 0) return protocol === TCP || isExtension(protocol) ? "FRAGMENT" : "OTHER";
  if (protocol !== TCP) return "OTHER";
  segment.addresses = o + 8;
  segment.addressSize = 16;
  return readTcp(b, stop, o + total, end, segment);
}

/** @param stop  where the IP packet ends as it says  @param end  where what was captured ends */
function readTcp(b: Buffer, o: number, stop: number, end: number, segment: Segment): SegmentKind {
  if (stop - o < TCP_HEADER) return "DAMAGED";
  if (end - o < TCP_HEADER) return "CUT";
  const payload = o + (b[o + 12]! >> 4) * 4;
  if (payload - o < TCP_HEADER || payload > stop) return "DAMAGED";
  segment.ports = o;
  segment.sourcePort = u16(b, o);
  segment.destinationPort = u16(b, o + 2);
  segment.sequence = u32(b, o + 4);
  segment.acknowledged = u32(b, o + 8);
  segment.flags = b[o + 13]!;
  segment.payload = Math.min(payload, end);
  segment.payloadEnd = Math.min(stop, end);
  segment.cut = Math.max(0, stop - Math.max(payload, end));
  return "TCP";
}
