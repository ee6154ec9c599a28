/** `oftr call`: send one RPC to a running daemon, for scripts and health checks. */
import { readFileSync } from "node:fs";
import { text as readAll } from "node:stream/consumers";
import { configureLog, TextError } from "../base/index.js";
import { systemClock } from "../channel/streams.js";
import { RpcClient } from "../client/index.js";
import { connectRpc, type RpcEndpoint } from "../rpc/calling.js";
import { parseYaml, Text, writeYamlDocument } from "../text/index.js";
import { UsageError } from "./arguments.js";
import { defineCommand } from "./command.js";
import { CALL_TIMEOUT, ENDPOINT_HELP, readDaemonEndpoint, tellCallFailure } from "./daemon-call.js";
import { EXIT } from "./exit-codes.js";
import { print } from "./print.js";

/** Milliseconds that the daemon has to say good-bye. */
const FAREWELL = 500;

export const run = defineCommand(
  {
    name: "call",
    description:
      "Sends one request to a running daemon and prints the result as one line of JSON.\n" +
      "PARAMS is JSON or YAML; - reads it from stdin, @FILE from a file.\n" +
      `${ENDPOINT_HELP}\n` +
      "The exit code is 1 if the answer is an error, 10 if there is none.",
    operands: "METHOD [PARAMS]",
    completes: ["methods", "files"],
    options: {
      to: { kind: "text", value: "ENDPOINT", help: "the daemon's endpoint" },
      timeout: {
        kind: "number",
        value: "SECONDS",
        min: 1,
        max: 86_400,
        help: `how long to wait for the reply (default ${CALL_TIMEOUT})`,
      },
      yaml: { kind: "flag", letter: "y", help: "print the result as YAML" },
    },
    manual: () => [
      { title: "ENVIRONMENT", entries: [["OFTR_RPC", "Where the daemon serves, unless --to tells."]] },
    ],
  },
  async ({ to, timeout = CALL_TIMEOUT, yaml }, [method, given, ...more]) => {
    configureLog({ level: "warn" });
    if (method === undefined || more.length > 0) {
      throw new UsageError("call: METHOD and at most one PARAMS are expected.  Try: 'call -help'");
    }
    const endpoint = readDaemonEndpoint("call", to);
    try {
      const params = given === undefined ? undefined : toJson(await readParams(given));
      printResult(await call(endpoint, method, params, timeout * 1000), yaml);
      return EXIT.OK;
    } catch (error) {
      if (error instanceof TextError) throw new UsageError(`call: PARAMS:${error.message}`);
      return tellCallFailure("call", error, endpoint);
    }
  },
);

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

function printResult(json: string, yaml: boolean): void {
  if (!yaml) {
    print(`${json}\n`);
    return;
  }
  const text = new Text();
  writeYamlDocument(json, text);
  print(text.takeString());
}
