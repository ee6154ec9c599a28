/** What commands that talk to a daemon have in common: where it serves, and what they say when it does not answer as hoped. */
import { RpcError } from "../base/index.js";
import { CallError } from "../client/index.js";
import { DEFAULT_RPC_ENDPOINT, EndpointError, parseRpcEndpoint, type RpcEndpoint } from "../rpc/calling.js";
import { UsageError } from "./arguments.js";
import { EXIT } from "./exit-codes.js";
import { say } from "./print.js";

/** Seconds that connecting and the reply may take together. */
export const CALL_TIMEOUT = 30;

/** What ENDPOINT means in the help of these commands. */
export const ENDPOINT_HELP =
  "ENDPOINT is unix:PATH, ws://HOST:PORT/ or wss://HOST:PORT/, with options after commas (docs/daemon.md).\n" +
  "The default is $OFTR_RPC, or ws://127.0.0.1:8653/.";

/** Reads where the daemon serves; without a text it is where the environment says. Throws UsageError. */
export function readDaemonEndpoint(command: string, text: string | undefined): RpcEndpoint {
  try {
    return parseRpcEndpoint(text || process.env.OFTR_RPC || DEFAULT_RPC_ENDPOINT, "call");
  } catch (error) {
    throw error instanceof EndpointError ? new UsageError(`${command}: ${error.message}`) : error;
  }
}

/** Says what went wrong with a call to the daemon there; gives the exit code. Throws again what is no failure of a call. */
export function tellCallFailure(command: string, error: unknown, endpoint: RpcEndpoint): number {
  if (error instanceof RpcError) {
    const data = error.data === undefined ? "" : `${JSON.stringify(error.data)}\n`;
    say(`Error: ${error.message} (${error.code})\n${data}`);
    return EXIT.REFUSED;
  }
  if (!(error instanceof CallError || error instanceof EndpointError)) throw error;
  say(`${command}: ${error.message}${silenceHint(error, endpoint)}\n`);
  return EXIT.FAILED;
}

/** A daemon that reads another framing waits for the end of what it takes for a request. */
function silenceHint({ code }: CallError | EndpointError, endpoint: RpcEndpoint): string {
  if (code !== "TIMEOUT" || !("framing" in endpoint)) return "";
  return `; does the daemon's endpoint have framing=${endpoint.framing}, too?`;
}
