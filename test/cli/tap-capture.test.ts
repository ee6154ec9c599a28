// What `oftr tap -w` makes up of a connection: its TCP handshake.
import { readFileSync } from "node:fs";
import { afterAll, expect, it } from "vitest";
import { closeOutput, openOutput } from "../../src/cli/output.js";
import { TapCapture } from "../../src/cli/tap-capture.js";
import { Folder } from "./folder.js";

const folder = new Folder();
afterAll(() => folder.remove());

/** The TCP header of a SYN: ports, sequence and acknowledgement 0, 20 bytes, flag, window. */
const syn = (from: number, to: number): string =>
  `${[from, to].map((port) => port.toString(16).padStart(4, "0")).join("")}00000000000000005002ffff`;

it.each([
  ["SWITCH", 51000, 6653],
  ["DAEMON", 6653, 51000],
] as const)(
  "the SYN comes from the %s, whatever the ports are, where that has made the connection",
  (openedBy, from, to) => {
    const file = folder.file(openedBy, "");
    const output = openOutput(file);
    const capture = new TapCapture(output, "here");
    capture.begin();
    capture.take({
      time: { sec: 1, nsec: 0 },
      connId: 1,
      datapathId: "",
      auxiliaryId: 0,
      direction: "FROM_SWITCH",
      // The switch has the higher port.
      src: "127.0.0.1:51000",
      dst: "127.0.0.1:6653",
      transport: "TCP",
      openedBy,
      missed: 0,
      missedBytes: 0,
      tunnelOptions: undefined,
      bytes: Buffer.from("0400000800000001", "hex"),
    });
    closeOutput(output);
    const hex = readFileSync(file).toString("hex");
    expect(hex).toContain(syn(from, to));
    expect(hex).not.toContain(syn(to, from));
  },
);
