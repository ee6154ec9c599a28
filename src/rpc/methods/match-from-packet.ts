// OFP.MATCH_FROM_PACKET: the exact match of a packet, for a flow that shall take its like.
import { matchFromPacket as exactMatch } from "../../codec/match.js";
import { atPath } from "../message-params.js";
import type { RpcMethod } from "../method.js";
import { readPacketParams } from "../packet-params.js";
import { type Mapping, param, readList, readParams, readText } from "../params.js";

export const matchFromPacket: RpcMethod<"OFP.MATCH_FROM_PACKET"> = {
  name: "OFP.MATCH_FROM_PACKET",
  run(params) {
    const mapping = readParams("OFP.MATCH_FROM_PACKET", params);
    const { frame, inPort, version, options } = readPacketParams(mapping);
    const only = readNames(mapping, "only");
    const except = readNames(mapping, "except") ?? [];
    try {
      const chosen = { ...options, ...(only === undefined ? {} : { only }), except };
      return { match: exactMatch(frame, inPort, version, chosen) };
    } catch (error) {
      throw atPath(error, ["params"]);
    }
  },
};

/** Names of fields, where the key is given: an empty list is one. */
function readNames(params: Mapping, key: string): string[] | undefined {
  const list = param(params, key);
  return list.value === undefined || list.value === null ? undefined : readList(list).map(readText);
}
