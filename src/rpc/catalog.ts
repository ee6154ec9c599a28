// What there is to say about the RPC interface, for people and programs that ask. A door of its own, as carrying out requests needs none of it.
import type { RpcCatalog } from "./catalog-model.js";

export type * from "./catalog-model.js";
export { loadOpenRpc, loadRpcSchema } from "./openrpc.js";

/** Loads methods, events and errors. */
export async function loadRpcCatalog(): Promise<RpcCatalog> {
  return (await import("./gen/catalog.js")).rpcCatalog;
}
