// OFP.SET_FILTER: which PACKET_INs become events, and which are answered here.
import type { PacketFilter } from "../../packet/index.js";
import { compileFilter } from "../choice-params.js";
import { missingKey, RequestError, show } from "../errors.js";
import { RECORDS, WORDS } from "../gen/params.js";
import type { RpcMethod } from "../method.js";
import { checkMapping, member, type Param, readList, readName, readText } from "../params.js";
import { parseRate, type Rate } from "../rate.js";

/** Most entries of a table: tcpdump is run for each filter, and each PACKET_IN may have to be compared with all. */
const MAX_ENTRIES = 1024;

type Filter = Pick<PacketFilter, "matches">;

const ALL: Filter = { matches: () => true };

export const setFilter: RpcMethod<"OFP.SET_FILTER"> = {
  name: "OFP.SET_FILTER",
  async run(params, call) {
    if (params === undefined) throw missingKey([], "params");
    const list = readList({ value: params, path: ["params"] });
    if (list.length > MAX_ENTRIES) {
      throw new RequestError(["params"], `${list.length} filters; there can be ${MAX_ENTRIES} at most`);
    }
    const wanted = list.map(readEntry);
    const filters = new Map<string, Filter>([["", ALL]]);
    for (const { text, path } of wanted) {
      if (!filters.has(text)) filters.set(text, await compileFilter(text, path));
    }
    const entries = wanted.map(({ text, ...entry }) => ({ ...entry, filter: filters.get(text)! }));
    call.service.notifier.filters.replace(entries);
    return { count: entries.length };
  },
};

function readEntry({ value, path }: Param) {
  const entry = checkMapping(value, path, RECORDS.PacketFilter);
  const at = (key: string): Param => member(entry, path, key);
  const required = (key: string): Param => {
    const found = at(key);
    if (found.value === undefined) throw missingKey(path, key);
    return found;
  };
  const filter = required("filter");
  return {
    text: readText(filter).trim(),
    path: filter.path,
    action: readName(required("action"), WORDS.FilterAction),
    escalate: readRate(at("escalate")),
  };
}

/** Nothing is false. */
function readRate({ value, path }: Param): Rate {
  const text = typeof value === "boolean" ? String(value) : readText({ value: value ?? "false", path });
  const rate = parseRate(text);
  if (rate !== undefined) return rate;
  throw new RequestError(
    path,
    `Invalid rate limit ${show(text)}: expected true, false, n, n:p, n/t or n:p/t, t in seconds`,
  );
}
