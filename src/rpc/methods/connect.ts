// OFP.CONNECT: connects to a switch that listens.
import type { RpcMethod } from "../method.js";
import { readConnectionParams } from "./connection-params.js";

export const connect: RpcMethod = {
  name: "OFP.CONNECT",
  concurrent: true,
  async run(params, call) {
    const { endpoint, options } = readConnectionParams(params, call.service.identities);
    return { conn_id: await call.service.registry.connect(endpoint, options) };
  },
};
