// What other folders use of matches. A door of its own, as the translation of messages needs none of it.
export { covers, isSameMatch, type MatchTerms, overlap, readTerms } from "./match-terms.js";
export type { PortNumber } from "./packet-fields.js";
export {
  type MatchCoversOptions,
  type MatchFromPacketOptions,
  matchCovers,
  matchFromPacket,
  type PacketOptions,
  packetTerms,
} from "./packet-match.js";
