// Options of DHCP for IPv4 (RFC 2132 and the registry of IANA): code, length, value.
import { charsBytes, formatHex, formatIPv4 } from "../../text/index.js";
import { putU16, putU32, u16, u32 } from "../../wire/index.js";
import { formatChars } from "../chars.js";
import { Given } from "./given.js";
import { MAX_ELEMENTS, type PayloadObject, type PayloadValue } from "./payload.js";
import { hexOf, ipv4Of, listOf, type Names, namedOf, nameOf, numberOf, refused, textOf } from "./values.js";

/** How values of options are told. `read` gives undefined for bytes that have not this form. */
interface Kind {
  readonly read: (b: Uint8Array, o: number, end: number) => PayloadValue | undefined;
  readonly build: (value: unknown, path: string) => Uint8Array;
}

const MESSAGE_TYPES: Names = {
  DISCOVER: 1,
  OFFER: 2,
  REQUEST: 3,
  DECLINE: 4,
  ACK: 5,
  NAK: 6,
  RELEASE: 7,
  INFORM: 8,
  FORCERENEW: 9,
  LEASEQUERY: 10,
  LEASEUNASSIGNED: 11,
  LEASEUNKNOWN: 12,
  LEASEACTIVE: 13,
};

/** Parts of the option that relay agents add (RFC 3046, RFC 3527, RFC 3993, RFC 5107). */
const RELAY_PARTS: Names = {
  CIRCUIT_ID: 1,
  REMOTE_ID: 2,
  LINK_SELECTION: 5,
  SUBSCRIBER_ID: 6,
  SERVER_ID_OVERRIDE: 11,
};

const U8: Kind = {
  read: (b, o, end) => (end - o === 1 ? b[o]! : undefined),
  build: (value, path) => Uint8Array.of(numberOf(value, 8, path)),
};
const U16: Kind = {
  read: (b, o, end) => (end - o === 2 ? u16(b, o) : undefined),
  build(value, path) {
    const bytes = new Uint8Array(2);
    putU16(bytes, 0, numberOf(value, 16, path));
    return bytes;
  },
};
const U32: Kind = {
  read: (b, o, end) => (end - o === 4 ? u32(b, o) : undefined),
  build(value, path) {
    const bytes = new Uint8Array(4);
    putU32(bytes, 0, numberOf(value, 32, path));
    return bytes;
  },
};
/** Seconds east of Greenwich, which may be negative. */
const I32: Kind = {
  read: (b, o, end) => (end - o === 4 ? u32(b, o) | 0 : undefined),
  build(value, path) {
    const negative =
      typeof value === "number" ? value < 0 : typeof value === "string" && value.startsWith("-");
    const size = negative ? (typeof value === "string" ? value.slice(1) : -(value as number)) : value;
    const n = numberOf(size, 32, path);
    if (n > (negative ? 0x80000000 : 0x7fffffff))
      throw refused(value, "is not a number of 32 bits with a sign", path);
    const bytes = new Uint8Array(4);
    putU32(bytes, 0, negative ? -n : n);
    return bytes;
  },
};
const TEXT: Kind = {
  read: formatChars,
  build(value, path) {
    const bytes = charsBytes(textOf(value, path));
    if (bytes.includes(0)) throw refused(value, "has a NUL in it", path);
    return bytes;
  },
};
const IP: Kind = {
  read: (b, o, end) => (end - o === 4 ? formatIPv4(b, o) : undefined),
  build: ipv4Of,
};
const IPS: Kind = {
  read(b, o, end) {
    if (end === o || (end - o) % 4 !== 0) return undefined;
    return Array.from({ length: (end - o) / 4 }, (_, i) => formatIPv4(b, o + 4 * i));
  },
  build: (value, path) => join(listOf(value, path).map((one, i) => ipv4Of(one, `${path}[${i}]`))),
};
const MESSAGE_TYPE: Kind = {
  read: (b, o, end) => (end - o === 1 ? nameOf(b[o]!, MESSAGE_TYPES) : undefined),
  build: (value, path) => Uint8Array.of(namedOf(value, MESSAGE_TYPES, 8, path)),
};
/** Names of other options. */
const CODES: Kind = {
  read: (b, o, end) => Array.from(b.subarray(o, end), (code) => nameOf(code, CODE_NAMES)),
  build: (value, path) =>
    Uint8Array.from(listOf(value, path).map((one, i) => namedOf(one, CODE_NAMES, 8, `${path}[${i}]`))),
};
/** Parts that have a code and a length of their own. */
const RELAY: Kind = {
  read(b, o, end) {
    const parts: PayloadObject[] = [];
    let at = o;
    while (end - at >= 2 && b[at + 1]! <= end - at - 2) {
      const stop = at + 2 + b[at + 1]!;
      parts.push({ option: nameOf(b[at]!, RELAY_PARTS), hex: formatHex(b, at + 2, stop) });
      at = stop;
    }
    return at === end ? parts : undefined;
  },
  build: (value, path) =>
    join(
      listOf(value, path).map((one, i) => {
        const part = new Given(one, `${path}[${i}]`);
        const code = part.named("option", RELAY_PARTS, 8, 0);
        const bytes = part.hex("hex");
        part.finish();
        if (bytes.length > 255) throw refused(bytes.length, "bytes, can be 255", part.at("hex"));
        return Uint8Array.of(code, bytes.length, ...bytes);
      }),
    ),
};
/** Routes: length of the prefix, as many bytes of it as it needs, gateway (RFC 3442). */
const ROUTES: Kind = {
  read(b, o, end) {
    const routes: PayloadObject[] = [];
    let at = o;
    while (at < end) {
      const bits = b[at]!;
      const bytes = Math.ceil(bits / 8);
      if (bits > 32 || end - at < 5 + bytes) return undefined;
      const prefix = new Uint8Array(4);
      prefix.set(b.subarray(at + 1, at + 1 + bytes));
      routes.push({
        destination: `${formatIPv4(prefix, 0)}/${bits}`,
        gateway: formatIPv4(b, at + 1 + bytes),
      });
      at += 5 + bytes;
    }
    return routes;
  },
  build: (value, path) =>
    join(listOf(value, path).map((one, i) => buildRoute(new Given(one, `${path}[${i}]`)))),
};

function buildRoute(route: Given): Uint8Array {
  const destination = textOf(route.need("destination"), route.at("destination"));
  const [, address, bits] = /^([\d.]+)\/(\d{1,2})$/.exec(destination) ?? [];
  if (address === undefined || Number(bits) > 32) {
    throw refused(
      destination,
      "is not an address with the length of its prefix, as 10.0.0.0/8",
      route.at("destination"),
    );
  }
  const prefix = ipv4Of(address, route.at("destination"));
  const gateway = route.ipv4("gateway");
  route.finish();
  return Uint8Array.of(Number(bits), ...prefix.subarray(0, Math.ceil(Number(bits) / 8)), ...gateway);
}

function join(parts: readonly Uint8Array[]): Uint8Array {
  return Buffer.concat(parts);
}

/** Code, name and form of the options that have a name; without a form their values are hexadecimal text. */
const OPTIONS: readonly (readonly [code: number, name: string, kind?: Kind])[] = [
  [1, "SUBNET_MASK", IP],
  [2, "TIME_OFFSET", I32],
  [3, "ROUTER", IPS],
  [4, "TIME_SERVER", IPS],
  [6, "DNS_SERVER", IPS],
  [7, "LOG_SERVER", IPS],
  [12, "HOST_NAME", TEXT],
  [13, "BOOT_FILE_SIZE", U16],
  [15, "DOMAIN_NAME", TEXT],
  [17, "ROOT_PATH", TEXT],
  [26, "INTERFACE_MTU", U16],
  [28, "BROADCAST_ADDRESS", IP],
  [33, "STATIC_ROUTE", IPS],
  [42, "NTP_SERVER", IPS],
  [43, "VENDOR_SPECIFIC"],
  [44, "NETBIOS_NAME_SERVER", IPS],
  [46, "NETBIOS_NODE_TYPE", U8],
  [47, "NETBIOS_SCOPE", TEXT],
  [50, "REQUESTED_ADDRESS", IP],
  [51, "LEASE_TIME", U32],
  [52, "OVERLOAD", U8],
  [53, "MESSAGE_TYPE", MESSAGE_TYPE],
  [54, "SERVER_ID", IP],
  [55, "PARAMETER_LIST", CODES],
  [56, "MESSAGE", TEXT],
  [57, "MAX_MESSAGE_SIZE", U16],
  [58, "RENEWAL_TIME", U32],
  [59, "REBINDING_TIME", U32],
  [60, "VENDOR_CLASS", TEXT],
  [61, "CLIENT_ID"],
  [66, "TFTP_SERVER_NAME", TEXT],
  [67, "BOOT_FILE_NAME", TEXT],
  [80, "RAPID_COMMIT"],
  [81, "CLIENT_FQDN"],
  [82, "RELAY_AGENT", RELAY],
  [93, "CLIENT_ARCHITECTURE", U16],
  [94, "CLIENT_INTERFACE"],
  [97, "CLIENT_UUID"],
  [108, "IPV6_ONLY_PREFERRED", U32],
  [114, "CAPTIVE_PORTAL", TEXT],
  [116, "AUTO_CONFIGURE", U8],
  [119, "DOMAIN_SEARCH"],
  [121, "CLASSLESS_ROUTES", ROUTES],
  [150, "TFTP_SERVER_ADDRESS", IPS],
  [252, "WEB_PROXY", TEXT],
];
const PAD = 0;
const END = 255;
/** Longest value, bytes. */
const LONGEST = 255;

const CODE_NAMES: Names = Object.fromEntries([
  ["PAD", PAD],
  ...OPTIONS.map(([code, name]) => [name, code] as const),
]);
const KINDS = new Map(OPTIONS.map(([code, , kind]) => [code, kind]));

/** The options from `o` on, up to the one that ends them. */
export interface DhcpOptions {
  readonly options: PayloadObject[];
  /** Where what follows them starts. */
  readonly stop: number;
  /** Whether the option that ends them is there. */
  readonly ended: boolean;
}

/** Reads options until one is not all there before `end`. */
export function readOptions(b: Uint8Array, o: number, end: number): DhcpOptions {
  const options: PayloadObject[] = [];
  let at = o;
  while (at < end) {
    const code = b[at]!;
    if (options.length === MAX_ELEMENTS) break;
    if (code === END) return { options, stop: at + 1, ended: true };
    if (code === PAD) {
      options.push({ option: "PAD" });
      at++;
      continue;
    }
    if (end - at < 2 || b[at + 1]! > end - at - 2) break;
    const stop = at + 2 + b[at + 1]!;
    const value = KINDS.get(code)?.read(b, at + 2, stop);
    const option = nameOf(code, CODE_NAMES);
    options.push(value === undefined ? { option, hex: formatHex(b, at + 2, stop) } : { option, value });
    at = stop;
  }
  return { options, stop: at, ended: false };
}

/** The bytes of one option. */
export function buildOption(option: Given): Uint8Array {
  const code = namedOf(option.need("option"), CODE_NAMES, 8, option.at("option"));
  if (code === END) throw refused(code, "ends the options, and is added by itself", option.at("option"));
  const bytes = code === PAD ? undefined : buildValue(code, option);
  option.finish();
  if (bytes === undefined) return Uint8Array.of(PAD);
  if (bytes.length > LONGEST)
    throw refused(bytes.length, `bytes, an option can have ${LONGEST}`, option.path);
  return Uint8Array.of(code, bytes.length, ...bytes);
}

function buildValue(code: number, option: Given): Uint8Array {
  const hex = option.value("hex");
  if (hex !== undefined) return hexOf(hex, option.at("hex"));
  const kind = KINDS.get(code);
  if (kind === undefined) return hexOf(option.need("hex"), option.at("hex"));
  return kind.build(option.need("value"), option.at("value"));
}
