// Where the daemon listens for switches of its own accord: `tcp:0.0.0.0:6653`, `tls:[::]:6653,cert=a.pem,key=b.pem`.
// What follows the address becomes parameters of OFP.LISTEN, so that all that it can do can be said here.
import { parseVersionRange } from "../base/index.js";
import { formatEndpoint, parseEndpoint } from "../channel/index.js";
import { ValueError } from "./setting.js";

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
  return { text, tls: kind === "tls", files, params };
}

/** `versions` and `options` are lists, to which each mention adds; FEATURES_REQ is there already. */
function addParam(params: Record<string, unknown>, name: string, value: string, text: string): void {
  if (name === "versions") {
    const versions = parseVersionRange(value);
    if (versions === undefined) {
      throw new ValueError(`'${text}': versions: '${value}' is not 1.0 to 1.5, or a range 1.0-1.4`);
    }
    params.versions = [...((params.versions as number[] | undefined) ?? []), ...versions];
  } else if (name === "options") params.options = [...(params.options as string[]), value];
  else if (name in params || name === "tls_id")
    throw new ValueError(`'${text}': ${name} cannot be given here`);
  else params[name] = value;
}
