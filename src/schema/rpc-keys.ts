// The keys of objects of the RPC interface, those of the record that they take in among them.
import type { Model } from "./model.js";
import type { RpcFailure, RpcField, RpcKeys } from "./rpc-model.js";

/** Built in: a whole OpenFlow message as JSON, whose keys objects of the interface can have, too. */
const MESSAGE = "Message";

/** All keys but those of a message, in the order in which they are shown. */
export function rpcFields(model: Model, keys: RpcKeys): readonly RpcField[] {
  const shared = keys.with === undefined ? undefined : model.rpc.get(keys.with);
  return shared?.kind === "record" ? [...rpcFields(model, shared), ...keys.fields] : keys.fields;
}

/** True when the keys of a message stand among them. */
export function hasMessageKeys(model: Model, keys: RpcKeys): boolean {
  if (keys.with === MESSAGE) return true;
  const shared = keys.with === undefined ? undefined : model.rpc.get(keys.with);
  return shared?.kind === "record" && hasMessageKeys(model, shared);
}

/** The failures of all tables. */
export function rpcFailures(model: Model): readonly RpcFailure[] {
  return [...model.rpc.values()].flatMap((d) => (d.kind === "failures" ? d.failures : []));
}

/** True for a key that must be there. */
export function isRequiredKey(f: RpcField): boolean {
  return !f.optional && f.default === undefined;
}

/** What there is to say of a key: its own words, or those of its type. */
export function docOfKey(model: Model, f: RpcField): string {
  if (f.doc !== "") return f.doc;
  return f.types.map(({ name }) => model.rpc.get(name)?.doc ?? "").find((doc) => doc !== "") ?? "";
}
