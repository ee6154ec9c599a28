// rpc.discover: what there is to call, for programs.
import type { RpcMethod } from "../method.js";
import { loadOpenRpc } from "../openrpc.js";
import { isMapping, readParams } from "../params.js";

export const discover: RpcMethod<"rpc.discover"> = {
  name: "rpc.discover",
  concurrent: true,
  run(params) {
    if (isMapping(params)) readParams("rpc.discover", params);
    return loadOpenRpc();
  },
};
