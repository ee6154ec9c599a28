export { PacketFilterError } from "./bpf-program.js";
export { buildFrame, type FrameInput } from "./build-frame.js";
export { compilePacketFilter, loadPacketFilter, type PacketFilter } from "./filter.js";
export { MAX_HEADERS } from "./find-headers.js";
export { KNOWN_FIELDS } from "./known-fields.js";
export { packetDifference } from "./packet-difference.js";
export type { Item, ItemValue } from "./protocol.js";
export { type PacketKeys, readPacket } from "./read-packet.js";
export { type PacketDetail, writePacketKeys } from "./write-packet.js";
