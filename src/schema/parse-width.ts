// The machine words of rows: `u16`, `bytes(6)`, `list`, `native match_1_0(40)`.
import type { Width } from "./model.js";
import { failAt } from "./parse-nodes.js";
import type { Place } from "./tree.js";

const INT_BYTES: ReadonlyMap<string, 1 | 2 | 3 | 4 | 8> = new Map([
  ["u8", 1],
  ["u16", 2],
  ["u24", 3],
  ["u32", 4],
  ["u64", 8],
]);

/** The bytes of `u8` … `u64`. */
export function parseIntWidth(said: string, at: Place): 1 | 2 | 3 | 4 | 8 {
  const bytes = INT_BYTES.get(said);
  if (bytes === undefined) throw failAt(at, `${said} is not one of ${[...INT_BYTES.keys()].join(", ")}`);
  return bytes;
}

/** Reads a width. Throws SchemaError. */
export function parseWidth(said: string, at: Place): Width {
  const int = /^(u\d+)(?:<<(\d+)|&(0x[0-9a-f]+))?$/.exec(said);
  if (int) {
    const bytes = parseIntWidth(int[1] ?? "", at);
    return { kind: "int", bytes, shift: Number(int[2] ?? 0), ...(int[3] ? { bits: Number(int[3]) } : {}) };
  }
  const run = /^(bytes|chars)\((\d+)\)$/.exec(said);
  if (run) return { kind: run[1] as "bytes" | "chars", n: Number(run[2]) };
  const list = /^list(?:\((u8|u16|u32)\))?$/.exec(said);
  if (list) return { kind: "list", item: list[1] ? (parseIntWidth(list[1], at) as 1 | 2 | 4) : 0 };
  const native = /^native (\w+)(?:\((\d+)(\+)?\))?$/.exec(said);
  if (native) {
    const fn = native[1] ?? "";
    const bytes = native[2] ? Number(native[2]) : undefined;
    if (native[3] && bytes !== undefined) return { kind: "native", fn, n: undefined, least: bytes };
    return { kind: "native", fn, n: bytes };
  }
  const wrap = /^wrap (\w+)$/.exec(said);
  if (wrap) return { kind: "wrap", case: wrap[1] ?? "" };
  const id = /^oxm_id(_packed)?\(([^)]*)\)$/.exec(said);
  if (id)
    return {
      kind: "oxm_id",
      packed: id[1] !== undefined,
      vars: (id[2] ?? "").split(",").map((v) => v.trim()),
    };
  const either = /^oxm_or\((u16|u32)\)$/.exec(said);
  if (either) return { kind: "oxm_or", bytes: either[1] === "u16" ? 2 : 4 };
  switch (said) {
    case "bytes":
    case "bytes(n)":
      return { kind: "bytes", n: undefined };
    case "oxm_id":
    case "oxm_id_packed":
      return { kind: "oxm_id", packed: said === "oxm_id_packed", vars: [] };
    case "struct":
    case "ids":
    case "oxm":
    case "oxm_match":
    case "oxs_stats":
    case "message":
      return { kind: said };
  }
  throw failAt(at, `${said} is not a width`);
}
