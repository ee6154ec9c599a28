// OFP.CLOSE: ends a connection, or stops what makes connections.
import { RpcError } from "../../base/index.js";
import { RPC } from "../errors.js";
import type { RpcMethod } from "../method.js";
import { param, readDatapathId, readParams, readUint } from "../params.js";

export const close: RpcMethod<"OFP.CLOSE"> = {
  name: "OFP.CLOSE",
  run(params, call) {
    const mapping = readParams("OFP.CLOSE", params);
    const connId = readUint(param(mapping, "conn_id"), Number.MAX_SAFE_INTEGER, 0);
    const datapathId = readDatapathId(param(mapping, "datapath_id"));
    if (connId === 0 && datapathId === "") throw new RpcError(RPC.NO_TARGET, "Invalid options");

    const { registry } = call.service;
    const listener = datapathId === "" ? registry.listener(connId) : undefined;
    if (listener !== undefined) {
      registry.closeListener(listener);
      return { count: 1 };
    }
    const named = connId === 0 ? registry.datapath(datapathId) : registry.connection(connId);
    if (datapathId !== "" && named?.datapathId !== datapathId) return { count: 0 };
    // A connection that is made again ends for good, by its own number as by that of the connector.
    const connector = registry.connectorOf(named?.facts.connId ?? connId);
    const connection = named ?? registry.connection(connector?.current ?? 0);
    if (connector !== undefined) registry.closeConnector(connector);
    if (connection === undefined) return { count: connector === undefined ? 0 : 1 };
    // The client hears of the end after it has heard that its request was carried out.
    call.afterReply(() => connection.close());
    return { count: 1 };
  },
};
