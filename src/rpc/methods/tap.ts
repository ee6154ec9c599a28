// OFP.TAP: a client sees the traffic of the connections. What is left out of the params is not limited.
import { compileFilter, readConnIds, readDatapathIds, readTypePatterns } from "../choice-params.js";
import { limitReached, RequestError } from "../errors.js";
import { type PARAMS, WORDS } from "../gen/params.js";
import type { Call, RpcMethod } from "../method.js";
import {
  isAbsent,
  type Param,
  param,
  readBoolean,
  readName,
  readParams,
  readText,
  readUint,
} from "../params.js";
import { Tap } from "../tap.js";
import { TapChoice, type TapWishes } from "../tap-choice.js";

export const tap: RpcMethod<"OFP.TAP"> = {
  name: "OFP.TAP",
  async run(params, call) {
    const mapping = readParams("OFP.TAP", params);
    const at = (key: (typeof PARAMS)["OFP.TAP"]["keys"][number]): Param => param(mapping, key);
    const { taps, clock } = call.service;
    const { client } = call;
    const form = isAbsent(at("form").value) ? "MESSAGE" : readName(at("form"), WORDS.TapForm);
    const packets = readBoolean(at("pkt"), false);
    const direction = at("direction");
    const wishes: Omit<TapWishes, "filter"> = {
      types: readTypePatterns(at("types")),
      exceptTypes: readTypePatterns(at("except_types")),
      echoes: readBoolean(at("echoes"), false),
      handshakes: readBoolean(at("handshakes"), false),
      datapathIds: readDatapathIds(at("datapath_ids")),
      connIds: readConnIds(at("conn_ids")),
      direction: isAbsent(direction.value) ? undefined : readName(direction, WORDS.TapDirection),
    };
    const count = readCount(at("count"));
    if (readBoolean(at("enabled"), true)) {
      const filter = await readFilter(at("filter"));
      checkLimit(call);
      const choice = new TapChoice({ ...wishes, filter });
      // The client may have gone while tcpdump translated the filter.
      if (!client.gone) {
        const end = { count, onEnd: () => taps.remove(client) };
        taps.set(client, new Tap(client, choice, { bytes: form === "BYTES", packets }, clock, end));
      }
    } else taps.remove(client);
    return { taps: taps.count, missed: client.missedByTap };
  },
};

/** Undefined when it is not given. Throws RequestError. */
function readCount(given: Param): number | undefined {
  if (isAbsent(given.value)) return undefined;
  const count = readUint(given, Number.MAX_SAFE_INTEGER, 0);
  if (count === 0) throw new RequestError(given.path, "out of range number: 1 or more");
  return count;
}

async function readFilter(given: Param): Promise<TapWishes["filter"]> {
  const text = isAbsent(given.value) ? "" : readText(given).trim();
  return text === "" ? undefined : compileFilter(text, given.path);
}

function checkLimit({ client, service: { taps, limits } }: Call): void {
  if (taps.count < limits().taps || taps.has(client)) return;
  throw limitReached("taps", `${taps.count} clients have a tap already`);
}
