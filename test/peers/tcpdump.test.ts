// What `oftr encode` makes, printed by tcpdump, which knows more of OpenFlow 1.0 than tshark does.
import { afterAll, beforeAll, expect, it } from "vitest";
import { Corpus, type Message } from "./corpus.js";
import type { Json } from "./daemon.js";
import { describeWith } from "./installed.js";
import { runProgram } from "./programs.js";

/** tcpdump does not skip the padding of a HELLO element whose length is no multiple of 8 (1.3.5 §7.5.1). */
function misread({ json }: Message): boolean {
  return json.type === "HELLO" && "_elements" in (json.msg as Json);
}

describeWith(["tcpdump"], "tcpdump", () => {
  let corpus: Corpus;
  let packets: readonly string[];

  beforeAll(async () => {
    corpus = await Corpus.make(1, 4);
    const text = await runProgram("tcpdump", ["-nn", "-tt", "-vv", "-r", corpus.pcap], { limit: 60_000 });
    packets = text.toString().split(/^(?=\d)/m);
  });

  afterAll(() => corpus?.remove());

  it("reads our version, type, length and transaction id of each message", () => {
    const read = packets.map((packet) =>
      /\tversion (1\.\d), type \w+, length (\d+), xid (0x\w+)/.exec(packet)?.slice(1),
    );
    const ours = corpus.messages.map(({ json: { version, xid }, frame }) => [
      `1.${version - 1}`,
      String(frame.length),
      `0x${xid.toString(16).padStart(8, "0")}`,
    ]);
    expect(read).toEqual(ours);
  });

  it("finds no error and no end before its time", () => {
    const bad = corpus.messages.filter((message, n) => {
      const complains = /\(invalid\)|\[\||incorrect/.test(packets[n] as string);
      return complains && !misread(message);
    });
    expect(bad.map(({ title }) => title)).toEqual([]);
  });

  it("names the actions of OpenFlow 1.0 with what they set", () => {
    const at = corpus.messages.findIndex(({ title }) =>
      title.includes("fields of Ethernet, IP and TCP are set"),
    );
    const lines = Array.from((packets[at] as string).matchAll(/ action type (.*)/g), ([, text]) => text);
    expect(lines).toEqual([
      "SET_VLAN_VID, len 8, vlan_vid 5",
      "SET_VLAN_PCP, len 8, vlan_pcp 3",
      "SET_DL_SRC, len 16, dl_addr 02:00:00:00:00:03",
      "SET_DL_DST, len 16, dl_addr 02:00:00:00:00:04",
      "SET_NW_SRC, len 8, nw_addr 10.0.0.3",
      "SET_NW_DST, len 8, nw_addr 10.0.0.4",
      "SET_NW_TOS, len 8, nw_tos 0x28",
      "SET_TP_SRC, len 8, tp_port 1",
      "SET_TP_DST, len 8, tp_port 65535",
      "OUTPUT, len 8, port 2",
    ]);
  });
});
