// Values of messages in few characters: `in_port=1,ipv4_dst=10.0.0.0/255.0.0.0`, `output:2`, `goto_table:3`.

/** A value of a message, as JSON.parse gives it. */
export type Value = string | number | boolean | null | readonly Value[] | { readonly [key: string]: Value };

/** An object of a message. */
export type Fields = { readonly [key: string]: Value };

/** Keys that say what an object is. */
const TAGS = ["action", "instruction", "band", "property", "type", "queue_property"];

/** Keys that say little, with the value that says nothing. */
const IDLE: Readonly<Record<string, Value>> = { max_len: "NO_BUFFER", mask: null };

/** Any value. Lists have commas between their elements. */
export function compact(value: Value): string {
  if (isList(value)) return value.map(compact).join(",");
  return isFields(value) ? compactObject(value) : String(value);
}

/** A match: `any` when it is empty. */
export function compactMatch(match: Value | undefined): string {
  return isList(match) && match.length > 0 ? compact(match) : "any";
}

/** Instructions, or actions: those that are applied at once stand for themselves; `drop` when there are none. */
export function compactActions(list: Value | undefined): string {
  if (!isList(list) || list.length === 0) return "drop";
  return list
    .map((one) =>
      isFields(one) && one.instruction === "APPLY_ACTIONS" ? compactActions(one.actions) : compact(one),
    )
    .join(",");
}

/** `key=value` for each key whose value is not among those that say nothing. */
export function compactKeys(fields: Fields, without: Fields = {}): string {
  return Object.entries(fields)
    .filter(([key, value]) => !(key in without && (without[key] === null || without[key] === value)))
    .map(([key, value]) =>
      typeof value === "object" && value !== null ? `${key}=(${compact(value)})` : `${key}=${value}`,
    )
    .filter((text) => !text.endsWith("=()"))
    .join(" ");
}

/** A number as `0x0800`. @param digits  at least so many */
export function hex(value: number | bigint, digits: number): string {
  return `0x${value.toString(16).padStart(digits, "0")}`;
}

/** Whether a value is an object. */
export function isFields(value: Value | undefined): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Whether a value is a list. */
export function isList(value: Value | undefined): value is readonly Value[] {
  return Array.isArray(value);
}

function compactObject(fields: Fields): string {
  const tag = TAGS.find((key) => typeof fields[key] === "string");
  if (tag !== undefined) {
    const { [tag]: name, ...rest } = fields;
    return compactTagged(String(name).toLowerCase(), rest);
  }
  if (typeof fields.field === "string") return compactField(fields);
  return `{${entries(fields).join(",")}}`;
}

function compactField({ field, value = "", mask }: Fields): string {
  const name = String(field).toLowerCase();
  const shown = name === "eth_type" && typeof value === "number" ? hex(value, 4) : compact(value);
  return `${name}=${shown}${mask === undefined ? "" : `/${compact(mask)}`}`;
}

/** Short forms of what is seen most: `output:2`, `set_field(vlan_vid=5)`, `pop_vlan`. */
function compactTagged(name: string, rest: Fields): string {
  if (name === "output" && rest.port_no !== undefined && rest.port_no !== "CONTROLLER")
    return `output:${compact(rest.port_no)}`;
  if (rest.field !== undefined && rest.value !== undefined) return `${name}(${compactField(rest)})`;
  const keys = Object.keys(rest).filter((key) => rest[key] !== IDLE[key]);
  const [only] = keys;
  if (only === undefined) return name;
  const value = rest[only] as Value;
  if (keys.length === 1 && (typeof value !== "object" || value === null)) return `${name}:${value}`;
  return keys.length === 1 ? `${name}(${compact(value)})` : `${name}(${entries(rest).join(",")})`;
}

function entries(fields: Fields): string[] {
  return Object.entries(fields).map(([key, value]) =>
    typeof value === "object" && value !== null ? `${key}=(${compact(value)})` : `${key}=${value}`,
  );
}
