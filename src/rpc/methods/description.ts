// OFP.DESCRIPTION: what this daemon is.
import { ALL_VERSIONS } from "../../base/index.js";
import type { RpcMethod } from "../method.js";
import { API_VERSION } from "../openrpc.js";
import { isMapping, readParams } from "../params.js";

/** What goes beyond that version, in the order of the alphabet: clients ask before they use it. */
const FEATURES = [
  "COVERS",
  "DECODE",
  "ENCODE",
  "MATCH_FROM_PACKET",
  "REQUEST",
  "SEND_BATCH",
  "SUBSCRIBE",
  "TAP",
];

export const description: RpcMethod<"OFP.DESCRIPTION"> = {
  name: "OFP.DESCRIPTION",
  run(params, call) {
    if (isMapping(params)) readParams("OFP.DESCRIPTION", params);
    return {
      api_version: API_VERSION,
      sw_desc: call.service.softwareDescription,
      versions: ALL_VERSIONS,
      features: FEATURES,
    };
  },
};
