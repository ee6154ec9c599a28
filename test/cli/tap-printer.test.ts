// What `oftr tap` prints of messages that depend on what the daemon has told before.
import { readFileSync } from "node:fs";
import { afterAll, expect, it } from "vitest";
import { makePrinter } from "../../src/cli/message-printer.js";
import { closeOutput, openOutput } from "../../src/cli/output.js";
import { TapPrinter } from "../../src/cli/tap-printer.js";
import type { TappedMessage } from "../../src/client/index.js";
import { Folder } from "./folder.js";

const folder = new Folder();
afterAll(() => folder.remove());

const OPTION = { option_class: 0x102, option_type: 0x80, option_len: 8 };
const OTHER = { option_class: 0x103, option_type: 0x81, option_len: 8 };

/** A PACKET_IN whose match is NX_TUN_METADATA3. */
const PACKET_IN =
  "040a002a 00000000 ffffffff 0000 00 00 0000000000000000 0001001000015608 1122334455667788 0000";

it("the options of tunnels of each connection, under each name of the switch, until it ends", () => {
  const file = folder.file("out", "");
  const output = openOutput(file);
  const printer = new TapPrinter(output, makePrinter("lines"));
  const say = (connId: number, datapathId: string, option?: typeof OPTION): void => {
    const message: TappedMessage = {
      time: { sec: 1, nsec: 0 },
      connId,
      datapathId,
      auxiliaryId: 0,
      direction: "FROM_SWITCH",
      src: "127.0.0.1:1",
      dst: "127.0.0.1:6653",
      transport: "TCP",
      openedBy: "SWITCH",
      missed: 0,
      missedBytes: 0,
      tunnelOptions: option && [{ ...option, index: 3 }],
      bytes: Buffer.from(PACKET_IN.replaceAll(" ", ""), "hex"),
    };
    printer.take(message);
  };
  say(1, "", OPTION);
  say(1, "00:00:00:00:00:00:00:01");
  say(2, "00:00:00:00:00:00:00:02");
  say(1, "00:00:00:00:00:00:00:01", OTHER);
  printer.down(1);
  say(1, "00:00:00:00:00:00:00:01");
  closeOutput(output);
  const options = readFileSync(file, "utf8")
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line))
    .map(({ msg }) => msg.match[0].option);
  expect(options).toEqual([OPTION, OPTION, undefined, OTHER, undefined]);
});
