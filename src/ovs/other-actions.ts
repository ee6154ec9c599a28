/** Actions that neither write fields nor send packets. */
import { type ActionReader, argumentOf } from "./action-context.js";
import { splitArrow } from "./field-actions.js";
import { FIELD_NAMES, fieldOrHeadNamed, headIn } from "./fields.js";
import { FlowError } from "./flow-error.js";
import { type JsonObject, readJson } from "./json.js";
import { type Piece, partsOf, wordsOf } from "./lexer.js";
import { closest } from "./names.js";
import { readBytes, readSmall } from "./numbers.js";
import { jsonSubField, readBit, readSubField } from "./sub-fields.js";

const decTtl: ActionReader = ({ value }) => {
  if (value.text === "") return [{ action: "DEC_NW_TTL" }];
  const controllers = partsOf(value, ", ").map((one) => readSmall(one, 16, "dec_ttl"));
  return [{ action: "NX_DEC_TTL_CNT_IDS", controllers }];
};

const note: ActionReader = (word) => [{ action: "NX_NOTE", note: padded(readBytes(word.value, "note")) }];

const NOTE_LEAST = 6;

/** The action fills whole words of 8 bytes, 10 of which are not the note's. */
function padded(text: string): string {
  const length = text.length / 2;
  const whole = length <= NOTE_LEAST ? NOTE_LEAST : NOTE_LEAST + 8 * Math.ceil((length - NOTE_LEAST) / 8);
  return text.padEnd(2 * whole, "0");
}

const FIN_KEYS: Readonly<Record<string, string>> = {
  idle_timeout: "fin_idle_timeout",
  hard_timeout: "fin_hard_timeout",
};

const finTimeout: ActionReader = (word) => {
  const action: Record<string, unknown> = {
    action: "NX_FIN_TIMEOUT",
    fin_idle_timeout: 0,
    fin_hard_timeout: 0,
  };
  for (const { key, at, value } of wordsOf(word.value)) {
    const name = FIN_KEYS[key];
    if (name === undefined)
      throw new FlowError(
        "UNKNOWN",
        at,
        `unknown argument "${key}" of fin_timeout${closest(key, Object.keys(FIN_KEYS))}`,
      );
    action[name] = readSmall(value, 16, key);
  }
  return [action];
};

function stack(action: string, key: "src" | "dst"): ActionReader {
  return (word) => [{ action, [key]: jsonSubField(readSubField(argumentOf(word, `${word.key}:reg0[]`)), 1) }];
}

const MOST_CLAUSES = 64;

/** `conjunction(id,k/n)`: clauses are counted from 1 here, from 0 in messages. */
const conjunction: ActionReader = (word) => {
  const [id, clause, clauses, more] = partsOf(argumentOf(word, "conjunction(5,1/2)"), ", /");
  if (clauses === undefined || more !== undefined)
    throw new FlowError("SYNTAX", word.value.at, "conjunction needs an id and k/n: conjunction(5,1/2)");
  const k = readSmall(clause!, 8, "clause");
  const n = readSmall(clauses, 8, "clauses");
  if (n < 2 || n > MOST_CLAUSES)
    throw new FlowError("INVALID", clauses.at, `${n} clauses are not 2 to ${MOST_CLAUSES}`);
  if (k < 1 || k > n) throw new FlowError("INVALID", clause!.at, `clause ${k} is not in 1 to ${n}`);
  return [{ action: "NX_CONJUNCTION", clause: k - 1, n_clauses: n, id: readSmall(id!, 32, "id") }];
};

const clone: ActionReader = (word, context) => {
  // What happens to the copy does not happen to the packet.
  const copy = { ...context };
  return [{ action: "NX_CLONE", actions: context.readActions(word.value, copy) }];
};

const checkPktLarger: ActionReader = (word) => {
  const [length, bit] = splitArrow(word, "check_pkt_larger(1500)->reg0[0]");
  const pkt_len = readSmall(length, 16, word.key);
  return [{ action: "NX_CHECK_PKT_LARGER", pkt_len, dst: jsonSubField(readBit(bit), 1) }];
};

const deleteField: ActionReader = (word) => {
  const { text, at } = argumentOf(word, "delete_field:tun_metadata0");
  const field = fieldOrHeadNamed(text);
  if (field === undefined)
    throw new FlowError("UNKNOWN", at, `unknown field "${text}"${closest(text, FIELD_NAMES)}`);
  return [{ action: "NX_DELETE_FIELD", field: headIn(field, 1).ours }];
};

/** Headers that can be put before a packet. */
export const HEADERS: Readonly<Record<string, { readonly namespace: string; readonly ns_type: number }>> = {
  ethernet: { namespace: "ONF", ns_type: 0 },
  nsh: { namespace: "ETHERTYPE", ns_type: 0x894f },
  mpls: { namespace: "ETHERTYPE", ns_type: 0x8847 },
  mpls_mc: { namespace: "ETHERTYPE", ns_type: 0x8848 },
};

const encap: ActionReader = (word) => {
  const [header, more] = wordsOf(argumentOf(word, "encap(nsh(md_type=1))"));
  const packet_type = header === undefined ? undefined : HEADERS[header.key];
  if (packet_type === undefined || more !== undefined)
    throw new FlowError(
      "INVALID",
      word.value.at,
      `encap: unknown header "${word.value.text}", expected one of ${Object.keys(HEADERS).join(", ")}`,
    );
  const properties = wordsOf(header!.value).map((one) => {
    if (header!.key === "nsh" && one.key === "md_type")
      return { property: "NSH_MDTYPE", mdtype: readSmall(one.value, 8, "md_type") };
    if (header!.key === "nsh" && one.key === "tlv") return readNshTlv(one.value);
    throw new FlowError(
      "UNKNOWN",
      one.at,
      `unknown property "${one.key}" of ${header!.key}${closest(one.key, ["md_type", "tlv"])}`,
    );
  });
  return [{ action: "NX_ENCAP", hdr_size: 0, packet_type, properties }];
};

function readNshTlv(piece: Piece): JsonObject {
  const [cls, type, data, more] = partsOf(piece, ", ");
  if (data === undefined || more !== undefined)
    throw new FlowError("SYNTAX", piece.at, "tlv needs a class, a type and bytes: tlv(0x1000,10,0x12345678)");
  const bytes = { text: data.text.replace(/^0x/i, ""), at: data.at };
  return {
    property: "NSH_TLV",
    tlv_class: readSmall(cls!, 16, "class"),
    tlv_type: readSmall(type!, 8, "type"),
    data: readBytes(bytes, "tlv"),
  };
}

/** A packet type that says: what comes next. */
export const NEXT_HEADER = { namespace: "ONF", ns_type: 0xfffe } as const;

const decap: ActionReader = ({ value }) => {
  const [word, more] = wordsOf(value);
  if (word === undefined) return [{ action: "NX_DECAP", packet_type: NEXT_HEADER }];
  const [ns, type] = wordsOf(word.value);
  if (word.key !== "packet_type" || more !== undefined || ns?.key !== "ns" || type?.key !== "type")
    throw new FlowError(
      "SYNTAX",
      value.at,
      `decap: found "${value.text}", expected packet_type(ns=1,type=0x800)`,
    );
  const number = readSmall(ns.value, 16, "ns") * 0x10000 + readSmall(type.value, 16, "type");
  return [{ action: "NX_DECAP", packet_type: number }];
};

/** Readers by word. */
export const OTHER_ACTIONS: Readonly<Record<string, ActionReader>> = {
  dec_ttl: decTtl,
  note,
  fin_timeout: finTimeout,
  push: stack("NX_STACK_PUSH", "src"),
  pop: stack("NX_STACK_POP", "dst"),
  conjunction,
  clone,
  check_pkt_larger: checkPktLarger,
  delete_field: deleteField,
  encap,
  decap,
  json: (word) => [readJson(word.value)],
};
