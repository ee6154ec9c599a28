// OFP.COVERS: whether a match takes a packet.
import type { PathParts } from "../../base/index.js";
import type { Field } from "../../codec/catalog.js";
import { matchCovers } from "../../codec/match.js";
import { missingKey } from "../errors.js";
import { atPath, losslessAt } from "../message-params.js";
import type { Call, RpcMethod } from "../method.js";
import { PACKET_KEYS, readPacketParams } from "../packet-params.js";
import { checkMapping, param, readBoolean, requiredParam } from "../params.js";

const PARAMS: PathParts = ["params"];

export const covers: RpcMethod = {
  name: "OFP.COVERS",
  run(params, call) {
    if (params === undefined) throw missingKey([], "params");
    const mapping = checkMapping(params, PARAMS, [...PACKET_KEYS, "match", "context", "unchecked"]);
    const { frame, inPort, version, options } = readPacketParams(mapping);
    requiredParam(mapping, "match");
    const unchecked = readBoolean(param(mapping, "unchecked"), false);
    const context = mapping.context === undefined ? [] : fieldsAt("context", call);
    try {
      const facts = { ...options, context, unchecked };
      return { covers: matchCovers(fieldsAt("match", call), frame, inPort, version, facts) };
    } catch (error) {
      throw atPath(error, PARAMS);
    }
  },
};

/** A list of fields with all digits of their numbers. That it is one, the codec checks. */
function fieldsAt(key: "match" | "context", { request }: Call): Field[] {
  return losslessAt(request, [...PARAMS, key]) as Field[];
}
