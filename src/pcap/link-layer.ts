// What stands before the IP packet in a captured one (tcpdump.org/linktypes.html).
import { u16 } from "../wire/index.js";
import { behindEtherType, behindPpp, isIp } from "./link-protocols.js";

/** Tells where the IP packet starts in b[o, end), -1 when there is none. */
type FindIp = (b: Buffer, o: number, end: number) => number;

export const LINKTYPE_ETHERNET = 1;
const PKTAP = 258;
/** Of the header of PKTAP: where the link type of what is behind it stands. */
const PKTAP_TYPE = 8;
const NFLOG_HEADER = 4;
const NFLOG_PAYLOAD = 9;

const findInEthernet: FindIp = (b, o, end) => behindEtherType(b, o + 12, end);
// Systems have different numbers for IPv6; the packet itself says what it is.
const findBehindFamily: FindIp = (_b, o) => o + 4;
const findAtOnce: FindIp = (_b, o) => o;

/** Cooked packets of version 2 have the EtherType first, and tags of VLANs behind the header. */
const findInSll2: FindIp = (b, o, end) =>
  end - o >= 20 && isIp(u16(b, o)) ? o + 20 : behindEtherType(b, o, end, o + 20);

/** OpenBSD's log of packets: the first byte is the length of its header, which is filled up to a multiple of 4. */
const findInPflog: FindIp = (b, o, end) => (end > o ? o + ((b[o]! + 3) & ~3) : -1);

/** PPP in frames of HDLC, or Cisco's way to have EtherTypes in them. */
const findInHdlc: FindIp = (b, o, end) =>
  b[o] === 0x0f || b[o] === 0x8f ? behindEtherType(b, o + 2, end) : behindPpp(b, o, end);

/** Linux's log of packets: fields with length 2, type 2, value, filled up to a multiple of 4. */
const findInNflog: FindIp = (b, o, end) => {
  // Lengths are in the byte order of the machine that has captured.
  for (const read of [(at: number) => b.readUInt16LE(at), (at: number) => u16(b, at)]) {
    for (let at = o + NFLOG_HEADER; end - at >= 4; ) {
      const length = read(at);
      if (length < 4 || length > end - at) break;
      if ((read(at + 2) & 0x7fff) === NFLOG_PAYLOAD) return at + 4;
      at += (length + 3) & ~3;
    }
  }
  return -1;
};

/** What macOS captures at several interfaces: a header that says its length, and of which link type the rest is. */
const findInPktap: FindIp = (b, o, end) => {
  if (end - o < PKTAP_TYPE + 4) return -1;
  const length = b.readUInt32LE(o);
  const linkType = b.readUInt32LE(o + PKTAP_TYPE);
  return linkType === PKTAP || length > end - o ? -1 : findIp(linkType, b, o + length, end);
};

/** What is read, by its number, with its name as tcpdump has it. */
const LINK_TYPES: ReadonlyMap<number, readonly [name: string, find: FindIp]> = new Map([
  [0, ["NULL", findBehindFamily]],
  [LINKTYPE_ETHERNET, ["EN10MB", findInEthernet]],
  [9, ["PPP", behindPpp]],
  // RAW has other numbers in files of some BSDs.
  [12, ["RAW", findAtOnce]],
  [14, ["RAW", findAtOnce]],
  [50, ["PPP_SERIAL", findInHdlc]],
  [101, ["RAW", findAtOnce]],
  [104, ["C_HDLC", findInHdlc]],
  [108, ["LOOP", findBehindFamily]],
  [109, ["ENC", (_b: Buffer, o: number) => o + 12]],
  [113, ["LINUX_SLL", (b: Buffer, o: number, end: number) => behindEtherType(b, o + 14, end)]],
  [117, ["PFLOG", findInPflog]],
  [228, ["IPV4", findAtOnce]],
  [229, ["IPV6", findAtOnce]],
  [239, ["NFLOG", findInNflog]],
  [PKTAP, ["PKTAP", findInPktap]],
  [276, ["LINUX_SLL2", findInSll2]],
]);

/** How tcpdump calls a link type: `EN10MB`; the number of those that are not read. */
export function linkTypeName(linkType: number): string {
  return LINK_TYPES.get(linkType)?.[0] ?? String(linkType);
}

/** Whether packets of a link type are read. */
export function knowsLinkType(linkType: number): boolean {
  return LINK_TYPES.has(linkType);
}

/** Where the IP packet starts in b[o, end), -1 when there is none. It may start behind `end`. */
export function findIp(linkType: number, b: Buffer, o: number, end: number): number {
  if (linkType === LINKTYPE_ETHERNET) return findInEthernet(b, o, end);
  return LINK_TYPES.get(linkType)?.[1](b, o, end) ?? -1;
}
