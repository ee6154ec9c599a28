/** `oftr record`: the traffic of OpenFlow connections goes to a file, by a tap or by standing between both sides. */
import { formatRpcEndpoint } from "../rpc/calling.js";
import { UsageError } from "./arguments.js";
import { defineCommand } from "./command.js";
import { ENDPOINT_HELP, readDaemonEndpoint } from "./daemon-call.js";
import { EXIT } from "./exit-codes.js";
import { complain, systemReason } from "./failures.js";
import { closeOutput, type Output, openOutput } from "./output.js";
import { recordBothSides } from "./record-both-sides.js";
import { TapCapture } from "./tap-capture.js";
import { CHOICE_OPTIONS, connectionParams, END_OPTIONS, runTap } from "./tapping.js";
import { readTcpEndpoint } from "./tcp-endpoint.js";

export const run = defineCommand(
  {
    name: "record",
    description:
      "Records OpenFlow connections for 'oftr replay', 'oftr decode' and Wireshark: FILE is a capture (pcapng), - is stdout. " +
      "Runs until Ctrl-C.\n" +
      "By default, or with --to, all messages of a running daemon are recorded from now on, TLS decrypted. Only connections " +
      "recorded from their start can be replayed.\n" +
      "With --listen and --connect, oftr stands between both sides and passes connections on, byte for byte. TLS then stays " +
      "encrypted.\n" +
      ENDPOINT_HELP,
    operands: "FILE",
    completes: ["files"],
    options: {
      to: { kind: "text", value: "ENDPOINT", help: "the daemon's endpoint" },
      ...CHOICE_OPTIONS,
      listen: {
        kind: "text",
        value: "tcp:ADDRESS:PORT",
        help: "accept connections here, usually from switches",
      },
      connect: {
        kind: "text",
        value: "tcp:ADDRESS:PORT",
        help: "pass them on to this address, usually a controller",
      },
      ...END_OPTIONS,
    },
  },
  async (options, [file, ...more]) => {
    if (file === undefined || more.length > 0)
      throw new UsageError("record: one FILE is expected.  Try: 'record -help'");
    const { listen, connect } = options;
    if ((listen === undefined) !== (connect === undefined))
      throw new UsageError("record: --listen and --connect belong together: oftr stands between both sides");
    const isProxy = listen !== undefined && connect !== undefined;
    if (
      isProxy &&
      (options.to !== undefined ||
        options.datapath.length > 0 ||
        options.conn.length > 0 ||
        options.count !== undefined)
    )
      throw new UsageError(
        "record: --to, --datapath, --conn and --count are for daemons, not for --listen and --connect",
      );
    const sides = isProxy
      ? { listen: readTcpEndpoint("record", listen), connect: readTcpEndpoint("record", connect) }
      : undefined;
    const endpoint = readDaemonEndpoint("record", options.to);
    let output: Output;
    try {
      output = openOutput(file);
    } catch (error) {
      complain(`opening ${file}: ${systemReason(error)}`);
      return EXIT.OPEN;
    }
    try {
      if (sides !== undefined) return await recordBothSides(sides, output, options.duration);
      const where = formatRpcEndpoint(endpoint);
      const params = { ...connectionParams(options), echoes: true, handshakes: true };
      const order = { command: "record", endpoint, params, end: options };
      return await runTap(
        { ...order, ready: `recording the connections of ${where}` },
        new TapCapture(output, where),
      );
    } finally {
      closeOutput(output);
    }
  },
);
