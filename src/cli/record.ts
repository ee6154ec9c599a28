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
      "Records what goes over OpenFlow connections, to be played back by 'oftr replay' and read by 'oftr decode' and Wireshark: " +
      "FILE is a capture (pcapng), - is stdout. Stops at Ctrl-C.\n" +
      "With --to, all that goes over the connections of a daemon is recorded from now on, TLS decrypted. A connection that is to be " +
      "played back must be recorded from its beginning.\n" +
      "With --listen and --connect, oftr stands between both sides: connections that it accepts are passed on, byte for byte. TLS " +
      "stays encrypted then.\n" +
      ENDPOINT_HELP,
    operands: "FILE",
    completes: ["files"],
    options: {
      to: { kind: "text", value: "ENDPOINT", help: "where the daemon serves" },
      ...CHOICE_OPTIONS,
      listen: {
        kind: "text",
        value: "tcp:ADDRESS:PORT",
        help: "where connections are accepted, most often those of switches",
      },
      connect: {
        kind: "text",
        value: "tcp:ADDRESS:PORT",
        help: "where they are passed on to, most often a controller",
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
