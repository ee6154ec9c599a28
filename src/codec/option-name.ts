// Fields that are named by the option of a tunnel which they are.
import { EncodeError } from "../base/index.js";
import { asObject, countKeys, inside, type JsonObject, show, unknownKey } from "./encode-support.js";
import { kindNamed } from "./field-names.js";
import type { MessageWriter } from "./message-writer.js";
import type { TlvTable } from "./tlv-encode.js";

/** How options are told. */
export interface OptionForm {
  /** The names of all fields that are options, without their numbers. */
  readonly stem: string;
  /** Encodes what tells an option, and returns how many of its keys it knows. */
  readonly put: (w: MessageWriter, m: JsonObject) => number;
  /** These keys, blank separated. */
  readonly keys: string;
}

/**
 * The name of the field that `option` describes. A name with a number is right as long as the connection knows no other option by it; one
 * without a number is looked for among those of the connection. Throws EncodeError.
 * @param name  as people have given it
 */
export function optionName(
  w: MessageWriter,
  name: unknown,
  option: unknown,
  form: OptionForm,
  { kinds, index, prefixes }: TlvTable,
): unknown {
  const { stem } = form;
  const kind = typeof name === "string" ? kinds[kindNamed(index, prefixes, name) ?? -1] : undefined;
  if (kind?.option === undefined && name !== stem) {
    // What names no field at all is refused as such.
    if (kind === undefined && !/^\d/.test(String(name))) return name;
    throw new EncodeError("option", `${show(name)} is not an option of a tunnel`, { code: "UNKNOWN" });
  }
  const wanted = bytesOf(w, option, form);
  if (kind?.option !== undefined) {
    const known = w.options?.get(kind.option);
    if (known === undefined || bytesOf(w, known, form) === wanted) return name;
    const detail = `${name} is the option ${show(known)} here, not ${show(option)}`;
    throw new EncodeError("option", detail, { found: option });
  }
  const entries = [...(w.options?.entries ?? [])];
  const found = entries.find(([, known]) => bytesOf(w, known, form) === wanted);
  if (found !== undefined) return `${stem}${found[0]}`;
  const known = entries.map(([number, one]) => `${stem}${number} ${show(one)}`);
  const detail =
    known.length === 0 ? "no options are known here; NXT_TLV_TABLE_REQUEST asks for them" : known.join(", ");
  throw new EncodeError("option", `${show(option)} has no ${stem} (${detail})`, { found: option });
}

/** An option in a form that can be compared. */
function bytesOf(w: MessageWriter, option: unknown, { put, keys }: OptionForm): string {
  const start = w.p;
  try {
    const m = asObject(option, "");
    if (put(w, m) !== countKeys(m)) throw unknownKey(m, keys);
    return Buffer.from(w.b.subarray(start, w.p)).toString("hex");
  } catch (error) {
    throw inside(error, "option");
  } finally {
    w.p = start;
  }
}
