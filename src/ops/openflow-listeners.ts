// The OpenFlow listeners that the configuration asks for, opened as a client would do it: by OFP.LISTEN.
import { OftrError, RpcError } from "../base/index.js";
import type { Clock } from "../channel/index.js";
import { RpcClient } from "../client/index.js";
import { type ClientFacts, type Gateway, localConnection } from "../rpc/index.js";
import { type OpenFlowEndpoint, tlsFilesOf } from "./openflow-endpoint.js";
import type { SettingValues } from "./settings.js";

/** A listener that cannot be opened. */
export class ListenerError extends OftrError<"LISTENER"> {
  override readonly name = "ListenerError";

  constructor(endpoint: OpenFlowEndpoint, why: string) {
    super("LISTENER", `cannot listen at ${endpoint.text}: ${why}`);
  }
}

/** The configuration may name files; it holds up nobody. */
const CONFIGURATION: ClientFacts = { kind: "local", dialect: "classic", files: true, lone: false };

/** Opens them, in their order. Rejects with ListenerError at the first that fails. */
export async function openOpenFlowListeners(
  gateway: Gateway,
  values: SettingValues,
  clock: Clock,
): Promise<void> {
  if (values.openflow.length === 0) return;
  const connection = localConnection();
  void gateway.serve(connection.daemon, CONFIGURATION);
  const client = new RpcClient(connection.client, { clock, dialect: CONFIGURATION.dialect });
  try {
    for (const endpoint of values.openflow) await open(endpoint, client, values);
  } finally {
    client.close();
  }
}

async function open(endpoint: OpenFlowEndpoint, client: RpcClient, values: SettingValues): Promise<void> {
  const identity = endpoint.tls ? identityOf(endpoint, values) : undefined;
  try {
    const tls =
      identity === undefined ? "{}" : await client.request("OFP.ADD_IDENTITY", JSON.stringify(identity));
    const params = { ...endpoint.params, ...(JSON.parse(tls) as object) };
    await client.request("OFP.LISTEN", JSON.stringify(params));
  } catch (error) {
    if (!(error instanceof OftrError)) throw error;
    throw new ListenerError(endpoint, fileOf(error, identity) + error.message + cureOf(error));
  }
}

/** Facts of an error of OFP.ADD_IDENTITY. */
function factsOf(error: Error): { readonly code?: string; readonly path?: string } {
  return (error instanceof RpcError ? error.data : undefined) ?? {};
}

/** The file that cannot be read, where the error knows the parameter only; "" where it is about something else. */
function fileOf(error: Error, identity: Identity | undefined): string {
  const { code, path = "" } = factsOf(error);
  const file = code === "FILE" ? identity?.[path.replace("params.", "") as keyof Identity] : undefined;
  return file === undefined ? "" : `${file}: `;
}

/** Which setting is meant, where the error knows parameters only. */
function cureOf(error: Error): string {
  return factsOf(error).code === "BAD_PASSWORD"
    ? "; --tls-key-password-file=FILE or ,key-password-file=FILE names it"
    : "";
}

/** Params of OFP.ADD_IDENTITY. */
interface Identity {
  readonly cert: string;
  readonly privkey: string;
  readonly password_file: string | undefined;
  readonly cacert: string | undefined;
}

function identityOf(endpoint: OpenFlowEndpoint, values: SettingValues): Identity {
  const { cert, key: privkey, key_password_file: password_file, cacert } = tlsFilesOf(endpoint, values);
  // What is undefined has no place in JSON.
  return { cert, privkey, password_file, cacert };
}
