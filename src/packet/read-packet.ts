// A frame as values: what writePacketKeys writes, for programs.
import { Text } from "../text/index.js";
import type { PayloadObject } from "./payload/index.js";
import type { Item } from "./protocol.js";
import { TEXT_PER_BYTE, writePacketKeys } from "./write-packet.js";

/** What is known of a frame; docs/packets.md says what stands where. */
export interface PacketKeys {
  readonly _pkt: readonly Item[];
  readonly _pkt_more?: readonly Item[];
  readonly _pkt_payload?: PayloadObject;
}

/** Reads the frame b[o, end). Never throws: what is not understood is payload, from X_PKT_POS on. */
export function readPacket(b: Uint8Array, o = 0, end = b.length): PacketKeys {
  const w = new Text(TEXT_PER_BYTE * (end - o) + 512);
  w.o[w.p++] = 0x7b;
  writePacketKeys(b, o, end, w, "full");
  // The comma before the first key.
  w.o[w.start + 1] = 0x20;
  w.room(1);
  w.o[w.p++] = 0x7d;
  return JSON.parse(w.takeString()) as PacketKeys;
}
