// OFP.SUBSCRIBE: what a client wants to hear. What is left out of the params is not limited.
import { readConnIds, readDatapathIds, readTypePatterns } from "../choice-params.js";
import { RequestError, show } from "../errors.js";
import { type PARAMS, WORDS } from "../gen/params.js";
import type { RpcMethod } from "../method.js";
import { isAbsent, type Param, param, readBoolean, readName, readParams, readText } from "../params.js";
import { parseRate } from "../rate.js";
import { Subscription, type SubscriptionChoice } from "../subscription.js";

/** Types of events that no switch sends. */
const CHANNEL_EVENTS = ["CHANNEL_UP", "CHANNEL_DOWN", "CHANNEL_ALERT"];

export const subscribe: RpcMethod<"OFP.SUBSCRIBE"> = {
  name: "OFP.SUBSCRIBE",
  run(params, call) {
    const mapping = readParams("OFP.SUBSCRIBE", params);
    const at = (key: (typeof PARAMS)["OFP.SUBSCRIBE"]["keys"][number]): Param => param(mapping, key);
    const replies = isAbsent(at("replies").value) ? "OWN" : readName(at("replies"), WORDS.ReplyChoice);
    const choice: SubscriptionChoice = {
      types: readTypePatterns(at("types"), CHANNEL_EVENTS),
      datapathIds: readDatapathIds(at("datapath_ids")),
      connIds: readConnIds(at("conn_ids")),
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
