/** `oftr call`: one RPC to a daemon that runs, for scripts and health checks. */
import { readFileSync } from "node:fs";
import { text as readAll } from "node:stream/consumers";
import { configureLog, RpcError, TextError } from "../base/index.js";
import { systemClock } from "../channel/index.js";
import { CallError, RpcClient } from "../client/index.js";
import {
  connectRpc,
  DEFAULT_RPC_ENDPOINT,
  EndpointError,
  parseRpcEndpoint,
  type RpcEndpoint,
} from "../rpc/index.js";
import { parseYaml, Text, writeYamlDocument } from "../text/index.js";
import { UsageError } from "./arguments.js";
import { defineCommand } from "./command.js";
import { EXIT } from "./exit-codes.js";

/** Seconds that connecting and the reply may take together. */
const TIMEOUT = 30;

/** Milliseconds that the daemon has to say good-bye. */
const FAREWELL = 500;

export const run = defineCommand(
  {
    name: "call",
    description:
      "Sends one request to a daemon that runs, and prints the result as one line of JSON.\n" +
      "PARAMS is JSON or YAML; - reads it from stdin, @FILE from a file.\n" +
      "ENDPOINT is unix:PATH, ws://HOST:PORT/ or wss://HOST:PORT/, with options behind commas (docs/daemon.md).\n" +
      "Without --to it is $OFTR_RPC, or ws://127.0.0.1:8653/.\n" +
      "Ends with 1 when the answer is an error, with 10 when there is none.",
    operands: "METHOD [PARAMS]",
    completes: ["methods", "files"],
    options: {
      to: { kind: "text", value: "ENDPOINT", help: "where the daemon serves" },
      timeout: {
        kind: "number",
        value: "SECONDS",
        min: 1,
        max: 86_400,
        help: `how long to wait for the reply (default ${TIMEOUT})`,
      },
      yaml: { kind: "flag", letter: "y", help: "print the result as YAML" },
    },
    manual: () => [
      { title: "ENVIRONMENT", entries: [["OFTR_RPC", "Where the daemon serves, unless --to tells."]] },
    ],
  },
  async ({ to, timeout = TIMEOUT, yaml }, [method, given, ...more]) => {
    configureLog({ level: "warn" });
    if (method === undefined || more.length > 0) {
      throw new UsageError("call: METHOD and at most one PARAMS are expected.  Try: 'call -help'");
    }
    const endpoint = readEndpoint(to ?? process.env.OFTR_RPC ?? "");
    try {
      const params = given === undefined ? undefined : toJson(await readParams(given));
      print(await call(endpoint, method, params, timeout * 1000), yaml);
      return EXIT.OK;
    } catch (error) {
      return tell(error);
    }
  },
);

function readEndpoint(text: string): RpcEndpoint {
  try {
    return parseRpcEndpoint(text || DEFAULT_RPC_ENDPOINT, "call");
  } catch (error) {
    throw error instanceof EndpointError ? new UsageError(`call: ${error.message}`) : error;
  }
}

async function readParams(given: string): Promise<string> {
  if (given === "-") return readAll(process.stdin);
  if (!given.startsWith("@")) return given;
  try {
    return readFileSync(given.slice(1), "utf8");
  } catch (error) {
    throw new UsageError(`call: ${(error as Error).message}`);
  }
}

/** JSON stays as it is written, digit for digit. Scalars of YAML become texts, which the daemon reads as well. */
function toJson(text: string): string {
  try {
    JSON.parse(text);
    return text;
  } catch {
    return JSON.stringify(parseYaml(text).value);
  }
}

async function call(
  endpoint: RpcEndpoint,
  method: string,
  params: string | undefined,
  timeout: number,
): Promise<string> {
  const clock = systemClock();
  const start = clock.now();
  const transport = await connectRpc(endpoint, { timeout });
  const client = new RpcClient(transport, { clock, dialect: endpoint.dialect });
  try {
    return await client.request(method, params, Math.max(1, timeout - (clock.now() - start)));
  } finally {
    client.close();
    clock.after(FAREWELL, () => transport.destroy());
  }
}

function print(json: string, yaml: boolean): void {
  if (!yaml) {
    process.stdout.write(`${json}\n`);
    return;
  }
  const text = new Text();
  writeYamlDocument(json, text);
  process.stdout.write(text.takeString());
}

/** Says what went wrong; gives the exit code. */
function tell(error: unknown): number {
  if (error instanceof RpcError) {
    const data = error.data === undefined ? "" : `${JSON.stringify(error.data)}\n`;
    process.stderr.write(`Error: ${error.message} (${error.code})\n${data}`);
    return EXIT.REFUSED;
  }
  if (error instanceof TextError) throw new UsageError(`call: PARAMS:${error.message}`);
  if (!(error instanceof CallError || error instanceof EndpointError)) throw error;
  process.stderr.write(`call: ${error.message}\n`);
  return EXIT.FAILED;
}
