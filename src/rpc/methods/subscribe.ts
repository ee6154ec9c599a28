// OFP.SUBSCRIBE: what a client wants to hear. What is left out of the params is not limited.

import { didYouMean } from "../../base/index.js";
import { messageTypeNames } from "../../codec/decode.js";
import { compileGlob } from "../../text/index.js";
import { RequestError, show } from "../errors.js";
import { type PARAMS, WORDS } from "../gen/params.js";
import type { RpcMethod } from "../method.js";
import {
  isAbsent,
  type Param,
  param,
  readBoolean,
  readDatapathId,
  readList,
  readName,
  readParams,
  readText,
  readUint,
} from "../params.js";
import { parseRate } from "../rate.js";
import { Subscription, type SubscriptionChoice } from "../subscription.js";

/** Types of events that no switch sends. */
const CHANNEL_EVENTS = ["CHANNEL_UP", "CHANNEL_DOWN", "CHANNEL_ALERT"];

/** Most elements of a list. */
const MAX_ELEMENTS = 10_000;

export const subscribe: RpcMethod<"OFP.SUBSCRIBE"> = {
  name: "OFP.SUBSCRIBE",
  run(params, call) {
    const mapping = readParams("OFP.SUBSCRIBE", params);
    const at = (key: (typeof PARAMS)["OFP.SUBSCRIBE"]["keys"][number]): Param => param(mapping, key);
    const replies = isAbsent(at("replies").value) ? "OWN" : readName(at("replies"), WORDS.ReplyChoice);
    const choice: SubscriptionChoice = {
      types: readOptionalList(at("types"), readPattern),
      datapathIds: toSet(readOptionalList(at("datapath_ids"), readDatapath)),
      connIds: toSet(readOptionalList(at("conn_ids"), (one) => readUint(one, Number.MAX_SAFE_INTEGER, 0))),
      packetInRate: readRate(at("packet_in_rate")),
      allReplies: replies === "ALL",
    };
    const { client } = call;
    const packets = readBoolean(at("pkt"), client.dialect.packets);
    const replay = readBoolean(at("replay"), false);
    client.subscribe(new Subscription(choice));
    client.packets = packets;
    if (replay) call.afterReply(() => call.service.notifier.replay(client));
    return {
      types: choice.types?.map(({ pattern }) => pattern) ?? null,
      datapath_ids: choice.datapathIds === undefined ? null : [...choice.datapathIds],
      conn_ids: choice.connIds === undefined ? null : [...choice.connIds],
      pkt: packets,
      packet_in_rate: choice.packetInRate?.text ?? null,
      replies,
    };
  },
};

function readOptionalList<T>(given: Param, read: (element: Param) => T): T[] | undefined {
  if (isAbsent(given.value)) return undefined;
  const list = readList(given);
  if (list.length <= MAX_ELEMENTS) return list.map(read);
  throw new RequestError(given.path, `${list.length} elements; there can be ${MAX_ELEMENTS} at most`);
}

function toSet<T>(list: readonly T[] | undefined): ReadonlySet<T> | undefined {
  return list === undefined ? undefined : new Set(list);
}

function readDatapath(element: Param): string {
  const id = readDatapathId(element);
  if (id === "") throw new RequestError(element.path, "Invalid DatapathID.");
  return id;
}

/** A pattern that fits no type is a mistake: the client would wait for ever. */
function readPattern(element: Param): { pattern: string; matches: (type: string) => boolean } {
  const pattern = readText(element);
  const matches = compileGlob(pattern);
  const names = [...messageTypeNames(), ...CHANNEL_EVENTS];
  if (names.some(matches)) return { pattern, matches };
  throw new RequestError(
    element.path,
    `no message type is like ${show(pattern)}${didYouMean(pattern, names)}`,
    { reason: "UNKNOWN" },
  );
}

function readRate(given: Param): SubscriptionChoice["packetInRate"] {
  if (isAbsent(given.value)) return undefined;
  const text = typeof given.value === "boolean" ? String(given.value) : readText(given);
  const rate = parseRate(text);
  if (rate !== undefined) return { text, rate };
  throw new RequestError(
    given.path,
    `Invalid rate limit ${show(text)}: expected n/t (n PACKET_INs of each connection in t seconds), n:p or n:p/t`,
  );
}
