// Ethernet II and 802.3 with the tags of VLANs (IEEE 802.3 §3.2, 802.1Q §9.6).
//
//      0                 6                 12    14
//     +-----------------+-----------------+------+
//     |   destination   |     source      | type |          untagged; a type below 0x600 is a length (802.3)
//     +-----------------+-----------------+------+------+------+
//     |   destination   |     source      | TPID |  TCI | type |   each tag adds TPID (0x8100, 0x88a8) and TCI
//     +-----------------+-----------------+------+------+------+   TCI: priority 3 bits, DEI 1 bit, VLAN 12 bits
import type { Text } from "../text/index.js";
import { putU16, u16 } from "../wire/index.js";
import { chosenProtocol, impliedType, protocolOf } from "./ether-types.js";
import type { Fields } from "./fields.js";
import type { FrameBuilder } from "./frame-builder.js";
import type { Add, Place, Protocol } from "./protocol.js";
import { snap } from "./snap.js";
import { fieldKey, writeMacField, writeNumberField } from "./write-fields.js";

/** Below this the type is a length (IEEE 802.3 §3.2.6). */
export const FIRST_TYPE = 0x600;
/** Tags of VLANs that are told apart; the next one is payload. */
export const MAX_TAGS = 8;

const TPID_C = 0x8100;
const TPID_S = 0x88a8;
/** Set in VLAN_VID when there is a tag (OFPVID_PRESENT, OF 1.3.5 §7.2.3.7). */
const VID_PRESENT = 0x1000;

const ETH_DST = fieldKey("ETH_DST");
const ETH_SRC = fieldKey("ETH_SRC");
const ETH_TYPE = fieldKey("ETH_TYPE");
const VLAN_VID = fieldKey("VLAN_VID");
const VLAN_PCP = fieldKey("VLAN_PCP");

function isTag(type: number): boolean {
  return type === TPID_C || type === TPID_S;
}

export const ethernet: Protocol = {
  name: "Ethernet",
  fields: ["ETH_DST", "ETH_SRC", "ETH_TYPE", "VLAN_VID", "VLAN_PCP", "VLAN_TPID", "VLAN_DEI"],

  measure(b: Uint8Array, o: number, end: number): number {
    if (end - o < 14) return 0;
    let at = o + 12;
    for (let tags = 0; tags < MAX_TAGS && isTag(u16(b, at)) && end - at >= 6; tags++) at += 4;
    return at + 2 - o;
  },

  next(b: Uint8Array, _o: number, stop: number): Protocol | undefined {
    const type = u16(b, stop - 2);
    return type < FIRST_TYPE ? snap : protocolOf(type);
  },

  write(b: Uint8Array, o: number, stop: number, w: Text): void {
    writeMacField(ETH_DST, b, o, w);
    writeMacField(ETH_SRC, b, o + 6, w);
    for (let at = o + 12; at + 2 < stop; at += 4) {
      const tci = u16(b, at + 2);
      writeNumberField(VLAN_VID, VID_PRESENT | (tci & 0xfff), w);
      // With several tags a priority must be known for each, or nobody knows whose it is.
      if (tci >>> 13 !== 0 || stop - o > 18) writeNumberField(VLAN_PCP, tci >>> 13, w);
    }
    writeNumberField(ETH_TYPE, u16(b, stop - 2), w);
  },

  more(b: Uint8Array, o: number, stop: number, _place: Place, add: Add): void {
    const tags: number[] = [];
    for (let at = o + 12; at + 2 < stop; at += 4) tags.push(at);
    if (tags.some((at) => u16(b, at) !== TPID_C)) for (const at of tags) add("VLAN_TPID", u16(b, at));
    const dei = (at: number): number => (b[at + 2]! >> 4) & 1;
    if (tags.some((at) => dei(at) !== 0)) for (const at of tags) add("VLAN_DEI", dei(at));
  },

  wanted: () => true,

  build(fields: Fields, frame: FrameBuilder): void {
    const at = frame.header("Ethernet", 12);
    frame.out.b.set(fields.mac("ETH_DST"), at);
    frame.out.b.set(fields.mac("ETH_SRC"), at + 6);
    buildTags(fields, frame);
    const given = fields.number("ETH_TYPE", 16);
    if ((given ?? 0) < FIRST_TYPE && snap.wanted(fields, false)) {
      buildLength(given, frame);
      snap.build(fields, frame);
      return;
    }
    const type = given ?? impliedType(fields);
    frame.out.u16(type ?? 0);
    chosenProtocol(type, fields)?.build(fields, frame);
  },
};

/** Appends the length of an 802.3 frame, which counts what is behind it. */
function buildLength(given: number | undefined, frame: FrameBuilder): void {
  const at = frame.header("802.3", 2);
  frame.atEnd((b, end) => putU16(b, at, given ?? end - at - 2));
}

/** Appends a tag for each VLAN_VID; 0 means that there is none. */
function buildTags(fields: Fields, frame: FrameBuilder): void {
  const tags = fields.count("VLAN_VID");
  for (const name of ["VLAN_PCP", "VLAN_DEI", "VLAN_TPID"]) fields.requireEach(name, tags, "VLAN_VID");
  for (let i = 0; i < tags; i++) {
    const vid = fields.number("VLAN_VID", 13, 0);
    if (vid === 0) continue;
    const pcp = fields.number("VLAN_PCP", 3, 0);
    const dei = fields.number("VLAN_DEI", 1, 0);
    const at = frame.header("VLAN", 4);
    putU16(frame.out.b, at, fields.number("VLAN_TPID", 16, TPID_C));
    putU16(frame.out.b, at + 2, (pcp << 13) | (dei << 12) | (vid & 0xfff));
  }
}
