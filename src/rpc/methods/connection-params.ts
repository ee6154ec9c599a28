// The parameters that OFP.LISTEN and OFP.CONNECT share.
import { ALL_VERSIONS, isVersion, RpcError, type Version } from "../../base/index.js";
import {
  type ConnectionOptions,
  type Endpoint,
  type Identities,
  parseEndpoint,
} from "../../channel/index.js";
import { missingKey, RequestError, RPC } from "../errors.js";
import {
  checkMapping,
  type Param,
  param,
  readList,
  readName,
  readText,
  readUint,
  requiredParam,
} from "../params.js";

const OPTIONS = ["FEATURES_REQ", "AUXILIARY", "NO_VERSION_CHECK"] as const;

/** Reads them. Throws RequestError, and RpcError for values that are sound but do not go together. */
export function readConnectionParams(
  params: unknown,
  identities: Identities,
): { endpoint: Endpoint; options: ConnectionOptions } {
  if (params === undefined) throw missingKey([], "params");
  const mapping = checkMapping(params, ["params"], ["endpoint", "versions", "tls_id", "options"]);
  const endpoint = readEndpoint(requiredParam(mapping, "endpoint"));
  const versions = readVersions(param(mapping, "versions"));
  const tlsId = readUint(param(mapping, "tls_id"), Number.MAX_SAFE_INTEGER, 0);
  const names = new Set(readList(param(mapping, "options")).map((option) => readName(option, OPTIONS)));

  const features = names.has("FEATURES_REQ");
  const auxiliary = names.has("AUXILIARY");
  if (auxiliary && !features) throw new RpcError(RPC.INVALID_REQUEST, "Invalid combination of options");
  const identity = tlsId === 0 ? undefined : identities.get(tlsId);
  if (tlsId !== 0 && identity === undefined)
    throw new RpcError(RPC.INVALID_REQUEST, `Invalid tls_id: ${tlsId}`);
  const checkVersion = !names.has("NO_VERSION_CHECK");
  return { endpoint, options: { versions, features, auxiliary, checkVersion, identity } };
}

function readEndpoint(param: Param): Endpoint {
  const endpoint = parseEndpoint(readText(param));
  if (endpoint === undefined) throw new RequestError(param.path, "Invalid IP endpoint.");
  return endpoint;
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
