// The parameters that OFP.LISTEN and OFP.CONNECT share.
import { ALL_VERSIONS, isVersion, RpcError, type Version } from "../../base/index.js";
import {
  CERTIFICATE_FIELDS,
  type ConnectionOptions,
  DUPLICATE_POLICIES,
  type Endpoint,
  type Identities,
  type Identity,
  type KeepaliveSettings,
  parseEndpoint,
  type Timeouts,
  type WaitStep,
} from "../../channel/index.js";
import { RequestError, RPC, show } from "../errors.js";
import { WORDS } from "../gen/params.js";
import {
  type Mapping,
  type Param,
  param,
  readList,
  readName,
  readParams,
  readSeconds,
  readText,
  readUint,
} from "../params.js";

const TIMEOUTS: Readonly<Record<WaitStep, string>> = {
  tls: "tls_timeout",
  hello: "hello_timeout",
  features: "features_timeout",
  ports: "port_desc_timeout",
  probe: "probe_timeout",
};

/** Seconds: a day. */
const MAX_TIME = 86_400;

/** What they say, and the mapping, for keys of one method alone. */
export interface ConnectionParams {
  readonly endpoint: Endpoint;
  readonly options: ConnectionOptions;
  readonly mapping: Mapping;
}

/** Reads them. Throws RequestError, and RpcError for values that are sound but do not go together. */
export function readConnectionParams(
  method: "OFP.LISTEN" | "OFP.CONNECT",
  params: unknown,
  identities: Identities,
): ConnectionParams {
  const { endpoint, mapping, tlsId, options } = readApart(method, params);
  const identity = findIdentity(tlsId, identities);
  if (options.bindDatapath !== undefined && !(options.features && identity?.verifies)) {
    throw unfit("bind_datapath needs the option FEATURES_REQ, and tls_id of an identity with cacert");
  }
  return { endpoint, mapping, options: { ...options, identity } };
}

/** Checks parameters of OFP.LISTEN that are not carried out yet. Throws as readConnectionParams does. */
export function checkListenParams(params: Mapping): void {
  readApart("OFP.LISTEN", params);
}

/** What can be said of them without the identities. */
function readApart(
  method: "OFP.LISTEN" | "OFP.CONNECT",
  params: unknown,
): Omit<ConnectionParams, "options"> & {
  readonly tlsId: number;
  readonly options: Omit<ConnectionOptions, "identity">;
} {
  const mapping = readParams(method, params);
  const endpoint = readEndpoint(param(mapping, "endpoint"));
  const versions = readVersions(param(mapping, "versions"));
  const tlsId = readUint(param(mapping, "tls_id"), Number.MAX_SAFE_INTEGER, 0);
  const names = new Set(
    readList(param(mapping, "options")).map((option) => readName(option, WORDS.ConnectionOption)),
  );
  const timeouts = readTimeouts(mapping);
  const keepalive = readKeepalive(mapping);
  const duplicates = readChoice(param(mapping, "duplicate_datapath"), DUPLICATE_POLICIES);
  const bindDatapath = readChoice(param(mapping, "bind_datapath"), CERTIFICATE_FIELDS);

  const features = names.has("FEATURES_REQ");
  const auxiliary = names.has("AUXILIARY");
  if (auxiliary && !features) throw unfit("Invalid combination of options");
  if (duplicates !== undefined && duplicates !== "newest" && !features) {
    throw unfit("duplicate_datapath needs the option FEATURES_REQ");
  }
  const checkVersion = !names.has("NO_VERSION_CHECK");
  const basics = { versions, features, auxiliary, checkVersion };
  return { endpoint, mapping, tlsId, options: { ...basics, timeouts, keepalive, duplicates, bindDatapath } };
}

function unfit(detail: string): RpcError {
  return new RpcError(RPC.INVALID_REQUEST, detail);
}

function findIdentity(tlsId: number, identities: Identities): Identity | undefined {
  if (tlsId === 0) return undefined;
  const identity = identities.get(tlsId);
  if (identity === undefined) throw unfit(`Invalid tls_id: ${tlsId}`);
  return identity;
}

function readTimeouts(mapping: Mapping): Partial<Timeouts> {
  const steps = Object.entries(TIMEOUTS).flatMap(([step, key]) => {
    const ms = readTime(param(mapping, key), MAX_TIME);
    return ms === undefined ? [] : [[step, ms]];
  });
  return Object.fromEntries(steps) as Partial<Timeouts>;
}

/** Seconds as milliseconds; undefined when they are not given. Throws RequestError. */
export function readTime(given: Param, max: number): number | undefined {
  return given.value === undefined || given.value === null ? undefined : readSeconds(given, max, 0);
}

function readKeepalive(mapping: Mapping): Partial<KeepaliveSettings> {
  const wait = param(mapping, "echo_interval");
  const interval = Number(wait.value) === 0 && wait.value !== null ? 0 : readTime(wait, MAX_TIME);
  const given = param(mapping, "echo_count");
  const count = readUint(given, 100, 1);
  if (count === 0) throw new RequestError(given.path, "out of range number: 1 to 100");
  return { ...(interval === undefined ? {} : { interval }), count };
}

function readChoice<N extends string>(given: Param, names: readonly N[]): N | undefined {
  return given.value === undefined || given.value === null ? undefined : readName(given, names);
}

function readEndpoint(param: Param): Endpoint {
  const text = readText(param);
  const endpoint = parseEndpoint(text);
  if (endpoint !== undefined) return endpoint;
  const sentence = `expected an IP address and a port, such as 127.0.0.1:6653, found ${show(text)}`;
  throw new RequestError(param.path, "Invalid IP endpoint.", { sentence });
}

/** None means all. */
function readVersions(param: Param): readonly Version[] {
  const wanted = readList(param).map((element) => {
    const version = readUint(element, 255, 0);
    if (isVersion(version)) return version;
    throw new RequestError(element.path, `unsupported OpenFlow version ${version}`);
  });
  return wanted.length === 0 ? ALL_VERSIONS : ALL_VERSIONS.filter((version) => wanted.includes(version));
}
