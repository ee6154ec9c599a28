// rpc.discover: what there is to call, for programs.
import type { RpcMethod } from "../method.js";
import { loadOpenRpc } from "../openrpc.js";
import { checkMapping, isMapping } from "../params.js";

export const discover: RpcMethod = {
  name: "rpc.discover",
  concurrent: true,
  run(params) {
    if (isMapping(params)) checkMapping(params, ["params"], []);
    return loadOpenRpc();
  },
};
