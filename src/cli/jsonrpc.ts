/** `oftr jsonrpc`: the daemon. Controllers talk to it over stdin and stdout, or over sockets; switches over TCP. */
import { flushLog, log } from "../base/index.js";
import { systemClock } from "../channel/index.js";
import {
  type Configuration,
  ConfigurationError,
  checkLogfile,
  chooseLog,
  Daemon,
  printConfiguration,
  readConfiguration,
  SETTING_NAMES,
  type Setting,
  type SettingName,
  settingOf,
} from "../ops/index.js";
import { type OptionSpec, type OptionTable, UsageError } from "./arguments.js";
import { COMMON_OPTIONS, defineCommand } from "./command.js";
import { daemonManual } from "./daemon-manual.js";
import { EXIT } from "./exit-codes.js";
import { print, say } from "./print.js";
import { VERSION } from "./version.js";

type Given = ReadonlyMap<SettingName, readonly string[]>;

const OPTIONS: OptionTable = {
  ...Object.fromEntries(SETTING_NAMES.map((name) => [name, optionOf(settingOf(name))])),
  "initial-sleep": COMMON_OPTIONS["initial-sleep"],
};

export const run = defineCommand(
  {
    name: "jsonrpc",
    description:
      "Serves controllers: JSON-RPC requests on stdin, replies and events on stdout, each ended by a NUL byte; or, with " +
      "--listen, over sockets to any number of clients. Without it the daemon exits with 0 when stdin ends. " +
      "OFP.LISTEN, OFP.CONNECT and --openflow make OpenFlow connections.\n" +
      "Each option is also a variable, --tls-cert is OFTR_TLS_CERT, and a key of the file of --config.",
    options: OPTIONS,
    groups: {
      "Controllers, JSON-RPC": [
        "listen",
        "rpc-socket",
        "framing",
        "binary-protocol",
        "dialect",
        "token-file",
      ],
      "Switches, OpenFlow": ["openflow", "tls-cert", "tls-key", "tls-key-password-file", "tls-cacert"],
      "Logs and metrics": ["loglevel", "logfile", "trace", "metrics", "metric-interval"],
    } satisfies Readonly<Record<string, readonly SettingName[]>>,
    manual: daemonManual,
  },
  async (options, _operands, given) => {
    const commandLine = new Map(
      SETTING_NAMES.filter((name) => given.has(name)).map((name) => [name, textsOf(options[name])]),
    );
    try {
      const configuration = await readConfiguration(commandLine, process.env);
      if (!configuration.values["print-config"]) return await serve(configuration, commandLine);
      print(printConfiguration(configuration));
      return EXIT.OK;
    } catch (error) {
      if (!(error instanceof ConfigurationError)) throw error;
      if (error.code !== "FILE") throw new UsageError(`jsonrpc: ${error.message}`);
      say(`jsonrpc: ${error.message}\n`);
      return EXIT.OPEN;
    }
  },
);

async function serve(configuration: Configuration, commandLine: Given): Promise<number> {
  checkLogfile(configuration);
  chooseLog(configuration.values);
  const daemon = new Daemon(configuration, {
    clock: systemClock(),
    softwareDescription: VERSION,
    readAgain: () => readConfiguration(commandLine, process.env),
  });
  try {
    await daemon.run();
    return EXIT.OK;
  } catch (err) {
    log.error({ err }, "cannot serve");
    say(`jsonrpc: ${(err as Error).message}\n`);
    return EXIT.FAILED;
  } finally {
    await flushLog();
  }
}

/** Values are read with those of the environment and of the file: here all are texts. */
function optionOf({ form, value, words, doc, absent, bare, hidden }: Setting<unknown>): OptionSpec {
  const facts = {
    help: absent === "" || form === "flag" ? doc : `${doc} (default: ${absent})`,
    ...(hidden === undefined ? {} : { hidden }),
  };
  if (form === "flag") return { kind: "flag", ...facts };
  return {
    kind: form === "many" ? "list" : "text",
    value,
    ...(words === undefined ? {} : { completes: words }),
    ...facts,
    ...(bare === undefined ? {} : { bare }),
  };
}

function textsOf(value: unknown): readonly string[] {
  if (typeof value === "boolean") return [value ? "1" : "0"];
  return typeof value === "string" ? [value] : (value as readonly string[]);
}
