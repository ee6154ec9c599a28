// OFP.LIST_CONNECTIONS: listeners, what connects again and again, and connections.
import {
  type Connection,
  type ConnectorState,
  formatEndpoint,
  type Listener,
  NO_ENDPOINT,
  type Transport,
} from "../../channel/index.js";
import type { RpcMethod } from "../method.js";
import { param, readParams, readUint } from "../params.js";

export const listConnections: RpcMethod<"OFP.LIST_CONNECTIONS"> = {
  name: "OFP.LIST_CONNECTIONS",
  run(params, call) {
    const mapping = readParams("OFP.LIST_CONNECTIONS", params);
    const wanted = readUint(param(mapping, "conn_id"), Number.MAX_SAFE_INTEGER, 0);
    const { registry } = call.service;
    const listeners = [...registry.listeners()].map(ofListener);
    const connectors = [...registry.connectors()].map(ofConnector);
    const connections = registry.connections().map(ofConnection);
    return {
      stats: [...listeners, ...connectors, ...connections].filter(
        ({ conn_id }) => wanted === 0 || conn_id === wanted,
      ),
    };
  },
};

interface ConnectionStats {
  readonly local_endpoint: string;
  readonly remote_endpoint: string;
  readonly datapath_id: string;
  readonly conn_id: number;
  readonly auxiliary_id: number;
  readonly transport: Transport;
  /** Of a connector: its present connection, 0 when there is none, and how often it has tried. */
  readonly current?: number;
  readonly attempts?: number;
}

function ofListener({ connId, local, transport }: Listener): ConnectionStats {
  return {
    local_endpoint: formatEndpoint(local),
    remote_endpoint: formatEndpoint(NO_ENDPOINT),
    datapath_id: "",
    conn_id: connId,
    auxiliary_id: 0,
    transport,
  };
}

function ofConnector({ connector, transport }: ConnectorState): ConnectionStats {
  const { connId, remote, current, attempts } = connector;
  return {
    local_endpoint: formatEndpoint(NO_ENDPOINT),
    remote_endpoint: formatEndpoint(remote),
    datapath_id: "",
    conn_id: connId,
    auxiliary_id: 0,
    transport,
    current,
    attempts,
  };
}

function ofConnection({ facts, datapathId, auxiliaryId }: Connection): ConnectionStats {
  return {
    local_endpoint: formatEndpoint(facts.local),
    remote_endpoint: formatEndpoint(facts.remote),
    datapath_id: datapathId,
    conn_id: facts.connId,
    auxiliary_id: auxiliaryId,
    transport: facts.transport,
  };
}
