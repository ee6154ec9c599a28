// OFP.ADD_IDENTITY: a certificate and a key for OpenFlow over TLS.
import { countLimitHit, RpcError } from "../../base/index.js";
import { IdentityError, isPath } from "../../channel/index.js";
import { RequestError, RPC } from "../errors.js";
import type { PARAMS } from "../gen/params.js";
import type { Call, RpcMethod } from "../method.js";
import { type Mapping, param, readParams } from "../params.js";

type Part = (typeof PARAMS)["OFP.ADD_IDENTITY"]["keys"][number];

export const addIdentity: RpcMethod<"OFP.ADD_IDENTITY"> = {
  name: "OFP.ADD_IDENTITY",
  run(params, call) {
    const mapping = readParams("OFP.ADD_IDENTITY", params);
    const [cert, privkey] = [readPart(mapping, "cert"), readPart(mapping, "privkey")];
    const [cacert, password] = [readPart(mapping, "cacert"), readPart(mapping, "password")];
    const passwordFile = readPart(mapping, "password_file");
    const [version, ciphers] = [readPart(mapping, "version"), readPart(mapping, "ciphers")];
    const max = call.service.limits().identities;
    if (call.service.identities.count >= max) {
      countLimitHit("identities");
      throw new RpcError(RPC.LIMIT, `there can be no more than ${max} identities (limit identities)`);
    }
    const keylog = readPart(mapping, "keylog");
    const source = { cert, privkey, cacert, password, password_file: passwordFile, version, ciphers, keylog };
    refuseFiles(source, call);
    try {
      return { tls_id: call.service.identities.add(source) };
    } catch (error) {
      if (!(error instanceof IdentityError)) throw error;
      throw new RpcError(error.code, error.message, { path: `params.${error.part}`, code: error.reason });
    }
  },
};

/** Who comes over a network may not have our files read, or written. */
function refuseFiles(source: Readonly<Record<Part, string>>, call: Call): void {
  if (call.client.facts.files) return;
  for (const key of ["cert", "privkey", "cacert"] as const) {
    if (!isPath(source[key])) continue;
    const detail = "files may be named over stdio and Unix sockets only: give the text of the PEM file";
    throw new RequestError(["params", key], detail, { reason: "FILE" });
  }
  for (const key of ["password_file", "keylog"] as const) {
    if (source[key] === "") continue;
    throw new RequestError(["params", key], "files may be named over stdio and Unix sockets only", {
      reason: "FILE",
    });
  }
}

/** "" when it is not given. Its text is not repeated in errors. */
function readPart(mapping: Mapping, key: Part): string {
  const { value, path } = param(mapping, key);
  if (value === undefined || value === null || value === "null") return "";
  if (typeof value !== "string") throw new RequestError(path, "not a text");
  return value;
}
