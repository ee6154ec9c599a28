// OFP.SEND_BATCH: sends many messages and says what became of each.
import { RpcError } from "../../base/index.js";
import type { Channel } from "../../channel/index.js";
import { MessageWriter } from "../../codec/encode.js";
import { peekXid } from "../../wire/index.js";
import { BatchCollector, type BatchEntry } from "../batch-collector.js";
import { limitReached, RequestError, RPC } from "../errors.js";
import {
  defaultsFor,
  encodeParam,
  findChannel,
  readMessageParam,
  readTimeout,
  refuseParts,
} from "../message-params.js";
import type { Call, RpcMethod } from "../method.js";
import { withMeaning } from "../openflow-error.js";
import { type Mapping, type Param, param, readList, readParams } from "../params.js";
import { type RawJson, rawList, rawObject } from "../raw-json.js";

/** Encoding is synchronous, so one writer serves all. */
const writer = new MessageWriter();

export const sendBatch: RpcMethod<"OFP.SEND_BATCH"> = {
  name: "OFP.SEND_BATCH",
  concurrent: true,
  async run(params, call) {
    const mapping = readParams("OFP.SEND_BATCH", params);
    const entries = readEntries(mapping, call);
    const collector = new BatchCollector(call, entries, readTimeout(mapping));
    collector.send();
    await collector.done;
    return verdicts(entries);
  },
};

/** Encodes all messages. Throws RequestError, RpcError LIMIT, and RpcError NO_BUFFERS for a switch that does not read. */
function readEntries(params: Mapping, call: Call): BatchEntry[] {
  const list = param(params, "messages");
  if (!Array.isArray(list.value)) throw new RequestError(list.path, "not a sequence");
  const { registry, limits } = call.service;
  const count = list.value.length;
  if (count > limits().rpcBatch) throw limitReached("rpcBatch", `${count} messages in a batch`);
  // Who is meant by messages that do not say so is looked up when there is one.
  let usual: Channel | undefined;
  const usualChannel = (): Channel => (usual ??= findChannel({ value: params, path: ["params"] }, registry));
  const entries = readList(list).map((param) => readEntry(param, call, usualChannel));
  for (const channel of new Set(entries.map((entry) => entry.channel))) {
    checkRoom(channel, limits().switchQueueBytes);
  }
  return entries;
}

function readEntry({ value, path }: Param, call: Call, usualChannel: () => Channel): BatchEntry {
  const message = readMessageParam(value, path);
  refuseParts(message);
  const { conn_id, datapath_id, xid } = message.value;
  const isNamed = conn_id !== undefined || datapath_id !== undefined;
  const channel = isNamed ? findChannel(message, call.service.registry) : usualChannel();
  writer.reset();
  encodeParam(message, writer, call.request, defaultsFor(message, channel));
  const frame = writer.copy();
  return { channel, frame, xid: xid === undefined ? undefined : peekXid(frame) };
}

/** One that does not read takes nothing more: then nothing at all is sent. */
function checkRoom({ unsentBytes, facts }: Channel, most: number): void {
  if (unsentBytes <= most) return;
  throw new RpcError(
    RPC.NO_BUFFERS,
    `conn_id ${facts.connId} does not read: ${unsentBytes} bytes are waiting`,
  );
}

async function verdicts(entries: readonly BatchEntry[]): Promise<RawJson> {
  const counts = { ok: 0, failed: 0, unknown: 0 };
  const results: RawJson[] = [];
  for (const { xid, error, unknown } of entries) {
    if (error !== undefined) {
      counts.failed++;
      results.push(rawObject({ xid, status: "ERROR", error: await withMeaning(error) }));
    } else if (unknown !== undefined) {
      counts.unknown++;
      results.push(rawObject({ xid, status: "UNKNOWN", reason: unknown }));
    } else {
      counts.ok++;
      results.push(rawObject({ xid, status: "OK" }));
    }
  }
  return rawObject({ results: rawList(results), ...counts });
}
