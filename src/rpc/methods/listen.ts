// OFP.LISTEN: waits for switches to connect.
import { withinLimits } from "../errors.js";
import type { RpcMethod } from "../method.js";
import { readConnectionParams } from "./connection-params.js";

export const listen: RpcMethod<"OFP.LISTEN"> = {
  name: "OFP.LISTEN",
  async run(params, call) {
    const { endpoint, options } = readConnectionParams("OFP.LISTEN", params, call.service.identities);
    return { conn_id: await withinLimits(() => call.service.registry.listen(endpoint, options)) };
  },
};
