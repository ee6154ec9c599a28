/** `oftr tap`: the traffic of a daemon that runs, as it goes. */
import type { PacketPrinter } from "../codec/decode.js";
import { packetPrinter } from "../packet/index.js";
import { formatRpcEndpoint } from "../rpc/calling.js";
import { UsageError } from "./arguments.js";
import { COLOR_OPTION, loadPainter } from "./color.js";
import { defineCommand } from "./command.js";
import { ENDPOINT_HELP, readDaemonEndpoint } from "./daemon-call.js";
import { EXIT } from "./exit-codes.js";
import { complain, systemReason } from "./failures.js";
import { type MessagePrinter, makePrinter } from "./message-printer.js";
import { closeOutput, type Output, openOutput } from "./output.js";
import { splitList } from "./split-list.js";
import { TapCapture } from "./tap-capture.js";
import { TapPrinter } from "./tap-printer.js";
import { CHOICE_OPTIONS, connectionParams, END_OPTIONS, runTap } from "./tapping.js";

const DIRECTIONS = { "from-switch": "FROM_SWITCH", "to-switch": "TO_SWITCH" } as const;

export const run = defineCommand(
  {
    name: "tap",
    description:
      "Shows the OpenFlow messages of a running daemon in both directions: those of switches, of clients and of the daemon itself. " +
      "Echoes and the messages that open connections are omitted unless requested.\n" +
      `${ENDPOINT_HELP}\n` +
      "Messages that this command reads too slowly are dropped and counted; nothing else is affected.",
    options: {
      to: { kind: "text", value: "ENDPOINT", help: "the daemon's endpoint" },
      json: { kind: "flag", letter: "j", help: "print JSON, one object per line, instead of YAML" },
      brief: {
        kind: "flag",
        letter: "b",
        help: "print one line per message: time, direction, type, xid, contents; flows as ovs-ofctl prints them",
      },
      write: {
        kind: "text",
        letter: "w",
        value: "FILE",
        help: "write a capture (pcapng) for Wireshark instead of printing; - is stdout",
      },
      ...CHOICE_OPTIONS,
      "msg-include": {
        kind: "text",
        value: "LIST",
        completes: "message types",
        help: "show only these types: names or patterns such as 'FLOW_*', separated by commas",
      },
      "msg-exclude": {
        kind: "text",
        value: "LIST",
        completes: "message types",
        help: "omit these types",
      },
      direction: { kind: "choice", choices: ["from-switch", "to-switch"], help: "show only one direction" },
      echoes: { kind: "flag", help: "also show echoes" },
      handshakes: { kind: "flag", help: "also show the messages that open connections" },
      "pkt-filter": {
        kind: "text",
        value: "FILTER",
        help: "show PACKET_IN and PACKET_OUT only if their packet matches, in tcpdump's language",
      },
      "pkt-decode": { kind: "flag", help: "decode the packets in PACKET_IN and PACKET_OUT, as _pkt" },
      ...COLOR_OPTION,
      ...END_OPTIONS,
    },
  },
  async (options) => {
    if (options.write !== undefined && (options.json || options.brief || options["pkt-decode"]))
      throw new UsageError(
        "tap: --json, --brief and --pkt-decode are about printing, and --write prints nothing",
      );
    if (options.brief && options.json)
      throw new UsageError("tap: --brief prints lines for people, and --json prints JSON: leave one out");
    const endpoint = readDaemonEndpoint("tap", options.to);
    const { direction } = options;
    const params = {
      ...connectionParams(options),
      ...typeParams("types", options["msg-include"]),
      ...typeParams("except_types", options["msg-exclude"]),
      ...(direction === undefined ? {} : { direction: DIRECTIONS[direction] }),
      echoes: options.echoes,
      handshakes: options.handshakes,
      filter: options["pkt-filter"] ?? "",
    };
    let output: Output;
    try {
      output = openOutput(options.write);
    } catch (error) {
      complain(`opening ${options.write}: ${systemReason(error)}`);
      return EXIT.OPEN;
    }
    const packets = options["pkt-decode"] ? packetPrinter("fields") : undefined;
    const printer = options.brief
      ? await loadBriefPrinter(packets)
      : makePrinter(options.json ? "lines" : "yaml", { packets });
    const form = options.brief ? "brief" : options.json ? "json" : "yaml";
    const paint = await loadPainter(options.color, form, output);
    const sink =
      options.write === undefined
        ? new TapPrinter(output, printer, paint)
        : new TapCapture(output, formatRpcEndpoint(endpoint));
    const code = await runTap({ command: "tap", endpoint, params, end: options }, sink);
    closeOutput(output);
    return code === EXIT.OK && sink instanceof TapPrinter && sink.failed ? EXIT.FAILED : code;
  },
);

function typeParams(key: string, list: string | undefined): Record<string, unknown> {
  const terms = splitList(list);
  return terms.length === 0 ? {} : { [key]: terms };
}

/** Loads what errors mean, which nothing but these lines tells. */
async function loadBriefPrinter(packets: PacketPrinter | undefined): Promise<MessagePrinter> {
  const [{ Study }, { BriefPrinter }] = await Promise.all([
    import("./study.js"),
    import("./brief-printer.js"),
  ]);
  const { meaning } = await Study.load();
  return new BriefPrinter({ meaning, pairs: false, packets });
}
