// The methods of the RPC interface: one file each.
import type { RpcMethod } from "../method.js";
import { addIdentity } from "./add-identity.js";
import { close } from "./close.js";
import { connect } from "./connect.js";
import { covers } from "./covers.js";
import { decode } from "./decode.js";
import { description } from "./description.js";
import { discover } from "./discover.js";
import { encode } from "./encode.js";
import { listConnections } from "./list-connections.js";
import { listen } from "./listen.js";
import { matchFromPacket } from "./match-from-packet.js";
import { request } from "./request.js";
import { send } from "./send.js";
import { sendBatch } from "./send-batch.js";
import { setFilter } from "./set-filter.js";
import { subscribe } from "./subscribe.js";
import { tap } from "./tap.js";

/** All methods but OFP.SEND. */
export const METHODS: readonly RpcMethod[] = [
  addIdentity,
  close,
  connect,
  covers,
  decode,
  description,
  discover,
  encode,
  listConnections,
  listen,
  matchFromPacket,
  request,
  sendBatch,
  setFilter,
  subscribe,
  tap,
];

/** OFP.SEND, which is called more often than all others together. */
export const SEND: RpcMethod = send;
