// The fields that a packet shall be built from: given as a list or an object, taken one by one by the headers that hold them,
// and asked at the end whether any was left over.
import { cutText, didYouMean, EncodeError } from "../base/index.js";
import { parseHex, parseInteger, parseIPv4, parseIPv6, parseMac } from "../text/index.js";

/** A field as it was given, and where. */
export interface GivenField {
  readonly name: string;
  readonly value: unknown;
  /** Its place in the message: `_pkt[2].value`. */
  readonly path: string;
  /** Its place among all that were given. */
  readonly order: number;
}

/** A field before its place among all is known. */
export type FieldText = Omit<GivenField, "order">;

export class Fields {
  /** Values that nobody has taken yet, by field name; several where a field was given several times (tags, labels). */
  readonly #given = new Map<string, GivenField[]>();
  readonly #taken = new Set<string>();

  constructor(given: readonly FieldText[]) {
    for (const [order, text] of given.entries()) {
      const field = { ...text, order };
      const same = this.#given.get(field.name);
      if (same === undefined) this.#given.set(field.name, [field]);
      else same.push(field);
    }
  }

  /** Whether any of these fields was given and not yet taken. */
  has(...names: readonly string[]): boolean {
    return names.some((name) => this.#given.has(name));
  }

  /** Where the next value of this field was given. */
  path(name: string): string | undefined {
    return this.#given.get(name)?.[0]?.path;
  }

  /** How many values of this field are left. */
  count(name: string): number {
    return this.#given.get(name)?.length ?? 0;
  }

  /** Throws EncodeError when a field of repeated headers was given, but not once for each of the `n` of them. */
  requireEach(name: string, n: number, of: string): void {
    const given = this.#given.get(name);
    if (given === undefined || given.length === n || n === 0) return;
    const found = `${name} is given ${given.length} times`;
    throw new EncodeError(given.at(-1)!.path, `${found}, ${of} ${n} times: give one for each, or none`);
  }

  /** Reads a field without taking it. Throws EncodeError when it is no number of that many bits. */
  peek(name: string, bits: number): number | undefined {
    const field = this.#given.get(name)?.[0];
    return field === undefined ? undefined : toNumber(field, bits);
  }

  /** Takes a number of 1 to 32 bits. Throws EncodeError when it is none. */
  number(name: string, bits: number, missing: number): number;
  number(name: string, bits: number): number | undefined;
  number(name: string, bits: number, missing?: number): number | undefined {
    const field = this.#take(name);
    return field === undefined ? missing : toNumber(field, bits);
  }

  /** Takes an Ethernet address of six bytes; zeros when it was not given. */
  mac(name: string): Uint8Array {
    return this.#address(name, 6, parseMac, "MacAddress");
  }

  /** Takes an IPv4 address of four bytes; zeros when it was not given. */
  ipv4(name: string): Uint8Array {
    return this.#address(name, 4, parseIPv4, "IPv4Address");
  }

  /** Takes an IPv6 address of 16 bytes; zeros when it was not given. */
  ipv6(name: string): Uint8Array {
    return this.#address(name, 16, parseIPv6, "IPv6Address");
  }

  /** Takes bytes given as hexadecimal digits. Throws EncodeError when they are none, or more than `longest`. */
  hex(name: string, longest: number): Uint8Array | undefined {
    const field = this.#take(name);
    if (field === undefined) return undefined;
    const bytes = typeof field.value === "string" ? parseHex(field.value) : undefined;
    if (bytes === undefined) throw refuse(field, "is not hexadecimal text");
    if (bytes.length > longest) throw refuse(field, `has more than ${longest} bytes`);
    return bytes;
  }

  /** Takes a text. */
  text(name: string): { readonly text: string; readonly field: GivenField } | undefined {
    const field = this.#take(name);
    if (field === undefined) return undefined;
    if (typeof field.value !== "string") throw refuse(field, "is not a text");
    return { text: field.value, field };
  }

  /** Takes a list of texts. */
  list(name: string): { readonly values: readonly string[]; readonly path: string } | undefined {
    const field = this.#take(name);
    if (field === undefined) return undefined;
    const values = Array.isArray(field.value) ? (field.value as unknown[]) : [];
    if (!Array.isArray(field.value) || !values.every((value) => typeof value === "string")) {
      throw refuse(field, "is not a list of texts");
    }
    return { values: values as string[], path: field.path };
  }

  /** Takes a list of names. Throws EncodeError for others. */
  flags(name: string, names: readonly string[]): readonly string[] | undefined {
    const field = this.#take(name);
    if (field === undefined) return undefined;
    const list = Array.isArray(field.value) ? (field.value as unknown[]) : [field.value];
    return list.map((flag) => {
      if (typeof flag === "string" && names.includes(flag)) return flag;
      throw refuse(field, `is not a list of ${names.join(", ")}`);
    });
  }

  /** Takes all values of these fields, in the order in which they were given. */
  inOrder(names: readonly string[]): GivenField[] {
    const taken = names.flatMap((name) => this.#given.get(name) ?? []);
    for (const name of names) this.#given.delete(name);
    return taken.sort((a, b) => a.order - b.order);
  }

  /** Takes a field without a look at its value. */
  skip(name: string): void {
    this.#given.delete(name);
  }

  /**
   * Throws EncodeError for a field that no header took.
   * @param known  the fields that some protocol has
   * @param built  what the packet is made of, for the error: "Ethernet, IPv4, TCP"
   */
  refuseLeftOver(known: readonly string[], built: string): void {
    for (const [field] of this.#given.values()) {
      if (field === undefined) continue;
      const path = field.path;
      if (!known.includes(field.name)) {
        const hint = didYouMean(field.name, known);
        throw new EncodeError(path, `${show(field.name)} is not a field of packets${hint}`, {
          code: "UNKNOWN",
        });
      }
      if (this.#taken.has(field.name)) {
        throw new EncodeError(path, `${field.name} is given more often than this packet has it`);
      }
      throw new EncodeError(path, `${field.name} has no place in this packet of ${built}`, {
        code: "UNSUPPORTED",
      });
    }
  }

  #take(name: string): GivenField | undefined {
    const fields = this.#given.get(name);
    if (fields === undefined) return undefined;
    this.#taken.add(name);
    const field = fields.shift();
    if (fields.length === 0) this.#given.delete(name);
    return field;
  }

  #address(
    name: string,
    length: number,
    parse: (text: string, b: Uint8Array, p: number) => boolean,
    type: string,
  ): Uint8Array {
    const bytes = new Uint8Array(length);
    const field = this.#take(name);
    if (field !== undefined && !(typeof field.value === "string" && parse(field.value, bytes, 0))) {
      throw refuse(field, `is not ${type === "MacAddress" ? "a" : "an"} ${type}`, type);
    }
    return bytes;
  }
}

function toNumber(field: GivenField, bits: number): number {
  const n = typeof field.value === "string" ? parseInteger(field.value) : field.value;
  if (typeof n === "number" && Number.isInteger(n) && n >= 0 && n < 2 ** bits) return n;
  throw refuse(field, `is not a number of ${bits} bits`, `UInt${bits}`);
}

/** The error for a value that its field cannot have. */
export function refuse(field: GivenField, detail: string, expected?: string): EncodeError {
  const facts = expected === undefined ? { found: field.value } : { found: field.value, expected };
  return new EncodeError(field.path, `${field.name} ${show(field.value)} ${detail}`, facts);
}

function show(value: unknown): string {
  const text = typeof value === "bigint" ? value.toString() : (JSON.stringify(value) ?? String(value));
  return cutText(text);
}
