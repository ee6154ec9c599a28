// OFP.COVERS: whether a match takes a packet.
import type { PathParts } from "../../base/index.js";
import type { Field } from "../../codec/catalog.js";
import { matchCovers } from "../../codec/match.js";
import { atPath, losslessAt } from "../message-params.js";
import type { Call, RpcMethod } from "../method.js";
import { readPacketParams } from "../packet-params.js";
import { param, readBoolean, readParams } from "../params.js";

const PARAMS: PathParts = ["params"];

export const covers: RpcMethod<"OFP.COVERS"> = {
  name: "OFP.COVERS",
  run(params, call) {
    const mapping = readParams("OFP.COVERS", params);
    const { frame, inPort, version, options } = readPacketParams(mapping);
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
