// Where the daemon listens for switches of its own accord: `tcp:0.0.0.0:6653`, `tls:[::]:6653,cert=a.pem,key=b.pem`.
// What follows the address becomes parameters of OFP.LISTEN, so that all that it can do can be said here.
import { didYouMean, parseVersionRange } from "../base/index.js";
import { formatEndpoint, parseEndpoint } from "../channel/index.js";
import { checkListenParams, PARAMS, RequestError } from "../rpc/index.js";
import { ValueError } from "./setting.js";
import type { SettingValues } from "./settings.js";

/** Files of a TLS identity; undefined where the settings `tls-cert`, `tls-key` and so on count. */
export interface TlsFiles {
  readonly cert?: string | undefined;
  readonly key?: string | undefined;
  /** Of an encrypted key; one from the settings goes with the key from there. */
  readonly key_password_file?: string | undefined;
  readonly cacert?: string | undefined;
}

/** An OpenFlow listener that is to be opened. */
export interface OpenFlowEndpoint {
  /** As it was written. */
  readonly text: string;
  readonly tls: boolean;
  readonly files: TlsFiles;
  /** Parameters of OFP.LISTEN, but for `tls_id`. */
  readonly params: Readonly<Record<string, unknown>>;
}

const FILES = ["cert", "key", "key_password_file", "cacert"];

/** Parameters of OFP.LISTEN that stand elsewhere: in the address, and in the kind of endpoint. */
const FIXED = ["endpoint", "tls_id"];

const FORM = "tcp:ADDRESS:PORT or tls:ADDRESS:PORT, then perhaps ,NAME=VALUE";

/** Reads an endpoint. Throws ValueError. */
export function parseOpenFlowEndpoint(text: string): OpenFlowEndpoint {
  const [where = "", ...words] = text.split(",");
  const [, kind, address = ""] = /^(tcp|tls):(.*)$/.exec(where) ?? [];
  if (kind === undefined) throw new ValueError(`'${text}': ${FORM} is expected`);
  const endpoint = parseEndpoint(address);
  if (endpoint === undefined) {
    throw new ValueError(
      `'${text}': '${address}' is not an IP address and a port, such as 0.0.0.0:6653 or [::1]:6653`,
    );
  }
  const files: Record<string, string> = {};
  const params: Record<string, unknown> = { endpoint: formatEndpoint(endpoint), options: ["FEATURES_REQ"] };
  for (const word of words) {
    const equals = word.indexOf("=");
    if (equals < 1) throw new ValueError(`'${text}': '${word}' is not NAME=VALUE`);
    const name = word.slice(0, equals).replaceAll("-", "_");
    const value = word.slice(equals + 1);
    if (!FILES.includes(name)) addParam(params, name, value, text);
    else if (kind === "tls") files[name] = value;
    else throw new ValueError(`'${text}': ${name} is for tls: only`);
  }
  checkParams(params, text);
  return { text, tls: kind === "tls", files, params };
}

/**
 * The files of an endpoint with tls: its own go before those of the settings. Throws ValueError when one is missing that
 * every identity needs.
 */
export function tlsFilesOf(
  endpoint: OpenFlowEndpoint,
  values: SettingValues,
): TlsFiles & { readonly cert: string; readonly key: string } {
  const files: TlsFiles = {
    cert: values["tls-cert"],
    key: values["tls-key"],
    ...(endpoint.files.key === undefined ? { key_password_file: values["tls-key-password-file"] } : {}),
    cacert: values["tls-cacert"],
    ...endpoint.files,
  };
  const { cert, key } = files;
  if (cert === undefined)
    throw new ValueError(`'${endpoint.text}': --tls-cert=FILE or ,cert=FILE is missing`);
  if (key === undefined) throw new ValueError(`'${endpoint.text}': --tls-key=FILE or ,key=FILE is missing`);
  return { ...files, cert, key };
}

/** `versions` and `options` are lists, to which each mention adds; FEATURES_REQ is there already. */
function addParam(params: Record<string, unknown>, name: string, value: string, text: string): void {
  const known = PARAMS["OFP.LISTEN"].keys as readonly string[];
  if (!known.includes(name)) {
    const names = [...known.filter((key) => !FIXED.includes(key)), ...FILES];
    throw new ValueError(`'${text}': there is no parameter '${name}'${didYouMean(name, names)}`);
  }
  if (name === "versions") {
    const versions = parseVersionRange(value);
    if (versions === undefined) {
      throw new ValueError(`'${text}': versions: '${value}' is not 1.0 to 1.5, or a range 1.0-1.4`);
    }
    params.versions = [...((params.versions as number[] | undefined) ?? []), ...versions];
  } else if (name === "options") params.options = [...(params.options as string[]), value];
  else if (name in params || FIXED.includes(name))
    throw new ValueError(`'${text}': ${name} cannot be given here`);
  else params[name] = value;
}

function checkParams(params: Readonly<Record<string, unknown>>, text: string): void {
  try {
    checkListenParams(params);
  } catch (error) {
    if (!(error instanceof RequestError)) throw error;
    // Which of several options it is the value tells.
    throw new ValueError(`'${text}': ${String(error.path[1])}: ${error.sentence}`);
  }
}
