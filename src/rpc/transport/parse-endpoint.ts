// Endpoints of RPC as people write them.
import { cutText, didYouMean } from "../../base/index.js";
import type { DialectName } from "../dialect/index.js";
import { dialectOf, type EndpointUse, type RpcEndpoint } from "./endpoint.js";
import { EndpointError } from "./endpoint-error.js";
import { formHint } from "./endpoint-hint.js";
import { FRAMING_NAMES, type FramingName } from "./framings.js";
import { readAddress, readOrigin } from "./websocket-address.js";

const DIALECTS: readonly DialectName[] = ["classic", "strict"];

/** The longest path that `struct sockaddr_un` holds: of 108 bytes on Linux, 104 elsewhere, one is a NUL. */
export const MAX_SOCKET_PATH: number = process.platform === "linux" ? 107 : 103;

/** Most characters of a text that an error repeats. */
const MAX_SHOWN = 100;

/** A scheme: its options, those for listeners only, and how the rest is read. */
interface Scheme {
  readonly options: readonly string[];
  readonly listenOptions: readonly string[];
  /** Nothing follows its name. */
  readonly bare?: true;
  readonly listenOnly?: true;
  read(words: Words): RpcEndpoint;
}

const SCHEMES: Readonly<Record<string, Scheme>> = {
  stdio: {
    options: ["framing", "dialect"],
    listenOptions: [],
    bare: true,
    listenOnly: true,
    read: (words) => ({ kind: "stdio", ...readFramed(words, "nul") }),
  },
  systemd: {
    options: ["framing", "dialect"],
    listenOptions: ["name"],
    bare: true,
    listenOnly: true,
    read: (words) => ({ kind: "systemd", name: words.option("name"), ...readFramed(words, "line") }),
  },
  unix: { options: ["framing", "dialect"], listenOptions: ["mode"], read: readUnix },
  fd: {
    options: ["framing", "dialect"],
    listenOptions: [],
    read(words) {
      if (!/^\d{1,9}$/.test(words.location))
        throw words.fault("the number of a descriptor is expected: fd:3");
      return { kind: "fd", fd: Number(words.location), ...readFramed(words, "line") };
    },
  },
  ws: { options: ["token-file", "dialect"], listenOptions: ["origin"], read: readWebSocket },
  wss: {
    options: ["cert", "key", "key-password-file", "cacert", "token-file", "dialect"],
    listenOptions: ["origin"],
    read: readWebSocket,
  },
};

/**
 * Reads an endpoint: a place, then options, `,name=value` each; a comma inside a value is written twice.
 *
 *     stdio                       framing (nul), dialect
 *     unix:PATH                   framing (line), dialect, mode (0600)
 *     ws://HOST:PORT[/PATH]       token-file, origin (may be repeated), dialect
 *     wss://HOST:PORT[/PATH]      the same, and cert, key, key-password-file, cacert
 *     fd:N                        framing (line), dialect
 *     systemd                     framing (line), dialect, name
 *
 * `stdio`, `systemd`, `mode`, `name` and `origin` are for listeners. Throws EndpointError SYNTAX.
 */
export function parseRpcEndpoint(
  text: string,
  use: EndpointUse,
  defaults: EndpointDefaults = {},
): RpcEndpoint {
  const [place = "", ...parts] = split(text);
  const [, name = "", colon = "", location = ""] = /^([a-z]+)(:?)(.*)$/s.exec(place) ?? [];
  const scheme = Object.hasOwn(SCHEMES, name) ? SCHEMES[name] : undefined;
  if (
    scheme === undefined ||
    (colon === "") !== (scheme.bare ?? false) ||
    location.includes("\0") ||
    (use === "call" && scheme.listenOnly)
  ) {
    throw new EndpointError("SYNTAX", show(place), formHint(place, use));
  }
  const allowed = use === "listen" ? [...scheme.options, ...scheme.listenOptions] : scheme.options;
  const options = readOptions(place, name, parts, allowed);
  for (const [option, value] of Object.entries(defaults)) {
    if (value !== undefined && allowed.includes(option) && !options.has(option)) options.set(option, [value]);
  }
  return scheme.read(new Words(use, name, place, location, options));
}

/** Options of endpoints that do not have them in their text. */
export interface EndpointDefaults {
  readonly dialect?: DialectName | undefined;
  readonly "token-file"?: string | undefined;
}

/** Splits at single commas; two are one inside a part. */
function split(text: string): string[] {
  const parts = [""];
  for (const [piece] of text.matchAll(/,,|,|[^,]+/g)) {
    if (piece === ",") parts.push("");
    else parts[parts.length - 1] += piece === ",," ? "," : piece;
  }
  return parts;
}

function readOptions(
  place: string,
  scheme: string,
  parts: readonly string[],
  allowed: readonly string[],
): Map<string, string[]> {
  const options = new Map<string, string[]>();
  for (const part of parts) {
    const [, name = "", value = ""] = /^([^=]*)=?(.*)$/s.exec(part) ?? [];
    const fault = (detail: string): EndpointError =>
      new EndpointError("SYNTAX", `${show(place)}, option '${show(name)}'`, detail);
    if (!allowed.includes(name)) throw fault(`${scheme} has no such option${optionHint(name, allowed)}`);
    if (value === "") throw fault(`a value is missing: ${name}=VALUE`);
    const values = options.get(name) ?? [];
    if (values.length > 0 && name !== "origin") throw fault("it is given twice");
    options.set(name, [...values, value]);
  }
  return options;
}

/** What option was meant, or who has it, and what options there are. */
function optionHint(name: string, allowed: readonly string[]): string {
  const others = Object.keys(SCHEMES).filter((scheme) => SCHEMES[scheme]?.options.includes(name));
  const owners = others.length === 0 ? didYouMean(name, allowed) : `, only ${others.join(" and ")}`;
  return `${owners}; its options are ${allowed.join(", ")}`;
}

/** The parts of the text of one endpoint. */
class Words {
  readonly use: EndpointUse;
  readonly scheme: string;
  /** What follows the scheme and its colon. */
  readonly location: string;
  readonly #place: string;
  readonly #options: ReadonlyMap<string, readonly string[]>;

  constructor(
    use: EndpointUse,
    scheme: string,
    place: string,
    location: string,
    options: ReadonlyMap<string, readonly string[]>,
  ) {
    this.use = use;
    this.scheme = scheme;
    this.location = location;
    this.#place = place;
    this.#options = options;
  }

  option(name: string): string | undefined {
    return this.#options.get(name)?.[0];
  }

  all(name: string): readonly string[] {
    return this.#options.get(name) ?? [];
  }

  choice<const T extends string>(name: string, choices: readonly T[]): T | undefined {
    const text = this.option(name);
    const found = choices.find((choice) => choice === text);
    if (text === undefined || found !== undefined) return found;
    const hint = `${didYouMean(text, choices)}; expected ${choices.join(", ")}`;
    throw this.fault(`'${show(text)}' is unknown${hint}`, name);
  }

  /** Makes the error about the endpoint, or about one of its options. */
  fault(detail: string, option?: string): EndpointError {
    const where = option === undefined ? "" : `, option '${option}'`;
    return new EndpointError("SYNTAX", show(this.#place) + where, detail);
  }
}

function readFramed(
  words: Words,
  usual: FramingName,
): { readonly framing: FramingName; readonly dialect: DialectName } {
  const framing = words.choice("framing", FRAMING_NAMES) ?? usual;
  return { framing, dialect: words.choice("dialect", DIALECTS) ?? dialectOf(framing) };
}

function readUnix(words: Words): RpcEndpoint {
  const path = words.location;
  if (path === "") throw words.fault("a path is missing: unix:PATH");
  if (path.startsWith("@")) throw words.fault("abstract sockets are open to all users; a path is expected");
  const length = Buffer.byteLength(path);
  if (length > MAX_SOCKET_PATH) {
    throw words.fault(`the path has ${length} bytes; that of a socket has at most ${MAX_SOCKET_PATH}`);
  }
  const mode = words.option("mode") ?? "0600";
  if (!/^0?[0-7]{3}$/.test(mode)) {
    throw words.fault(`'${show(mode)}' is not a mode of three octal digits, such as 0600 or 0660`, "mode");
  }
  return { kind: "unix", path, mode: Number.parseInt(mode, 8), ...readFramed(words, "line") };
}

function readWebSocket(words: Words): RpcEndpoint {
  const secure = words.scheme === "wss";
  const serves = words.use === "listen";
  const address = readAddress(words.location, words.scheme, serves ? 0 : 1);
  if (typeof address === "string") throw words.fault(address);
  const [cert, key] = [words.option("cert"), words.option("key")];
  if (secure && serves && cert === undefined) {
    throw words.fault("a certificate is missing: wss://HOST:PORT/,cert=FILE,key=FILE");
  }
  if (cert !== undefined && key === undefined) throw words.fault("the key of cert is missing: key=FILE");
  if (key !== undefined && cert === undefined)
    throw words.fault("the certificate of key is missing: cert=FILE");
  const keyPasswordFile = words.option("key-password-file");
  if (keyPasswordFile !== undefined && key === undefined)
    throw words.fault("the key that has this password is missing: key=FILE", "key-password-file");
  const origins = words.all("origin").map((text) => {
    const origin = readOrigin(text);
    if (origin !== undefined) return origin;
    throw words.fault(`'${show(text)}' is no origin; expected https://HOST or https://HOST:PORT`, "origin");
  });
  return {
    kind: "websocket",
    secure,
    ...address,
    cert,
    key,
    keyPasswordFile,
    cacert: words.option("cacert"),
    tokenFile: words.option("token-file"),
    origins,
    dialect: words.choice("dialect", DIALECTS) ?? "strict",
  };
}

/** A text as errors repeat it: printable, and not too long. */
function show(text: string): string {
  return text === "" ? "''" : JSON.stringify(cutText(text, MAX_SHOWN)).slice(1, -1);
}
