// What `oftr encode` makes, dissected by Wireshark: it must name each message as we do and find no error in it.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { Corpus, type Message } from "./corpus.js";
import type { Json } from "./daemon.js";
import { describeWith } from "./installed.js";
import { pcapOf } from "./pcap.js";
import { runProgram } from "./programs.js";
import { complaintsOf, splitPackets, typesOf, typesOfOurs } from "./tshark.js";

/** Complaints that are errors of tshark 4.0's own, each with the messages that it misreads. */
const MISREADINGS: readonly { readonly reason: string; readonly of: (message: Message) => boolean }[] = [
  {
    reason: "the 1.0 dissector reads one action of a FLOW_MOD, also where there is none",
    of: ({ json }) => is(json, 1, "FLOW_MOD") && !hasActions(json),
  },
  {
    reason: "the 1.0 dissector reads one action of a PACKET_OUT and takes the others for the packet",
    of: ({ json }) => is(json, 1, "PACKET_OUT") && ((json.msg as Json).actions as unknown[]).length !== 1,
  },
  {
    reason: "the packet in a PACKET_IN is cut, as switches do; tshark wants all of its headers",
    of: ({ json }) => json.type === "PACKET_IN" && String((json.msg as Json).data).length < 120,
  },
  {
    reason: "from 1.3 on it wants data in an ERROR, which need not be there",
    of: ({ json }) => json.type === "ERROR" && json.version > 1 && (json.msg as Json).data === "",
  },
  {
    reason: "the 1.3 dissector wants data in an experimenter's multipart message",
    of: ({ json }) => json.type.startsWith("EXPERIMENTER_") && (json.msg as Json).data === "",
  },
  {
    reason: "from 1.3 on it reads more of an experimenter's multipart reply than there is",
    of: ({ json }) => json.version >= 4 && /^(NXST|ONF)_\w+_REPLY$/.test(json.type),
  },
  {
    reason: "the 1.3 dissector takes the length of an experimenter's meter band to be longer by its header",
    of: ({ json }) => JSON.stringify(json, digits).includes('{"type":"EXPERIMENTER","rate"'),
  },
  {
    reason:
      "from 1.4 on it takes the length of a property from wrong bytes, where a property is none of its best known",
    of: ({ json }) => json.version >= 5 && /"properties":\[\{/.test(JSON.stringify(json, digits)),
  },
  {
    reason: "from 1.4 on it reads on behind the property of an optical port",
    of: ({ json }) => json.version >= 5 && /"optical":/.test(JSON.stringify(json, digits)),
  },
  {
    reason:
      "from 1.4 on it looks for a queue's port and properties in other places than 1.4.1 §7.3.5.9 and §7.3.5.10",
    of: ({ json }) => json.version >= 5 && /^QUEUE_(STATS|DESC)_REPLY$/.test(json.type),
  },
  {
    reason: "the 1.5 dissector fails at each OXM field of the basic class, and each id of one",
    of: ({ json }) =>
      json.version === 6 &&
      (/"field":|"COPY_FIELD"/.test(JSON.stringify(json, digits)) || /^TABLE_FEATURES/.test(json.type)),
  },
  {
    reason:
      "the 1.5 dissector has the buckets of 1.4, whose weight is where the length of the actions is (1.5.1 §7.3.4.3)",
    of: ({ json }) => json.version === 6 && /"buckets":/.test(JSON.stringify(json, digits)),
  },
  {
    reason: "the 1.5 dissector has the flow statistics of 1.4, without OXS (1.5.1 §7.3.5.2)",
    of: ({ json }) => json.version === 6 && /^FLOW_(DESC|STATS)_REPLY$|^FLOW_REMOVED$/.test(json.type),
  },
  {
    reason: "the 1.5 dissector does not know what bundles can do, and fails where it says so",
    of: ({ json }) => json.version === 6 && /^BUNDLE_FEATURES_/.test(json.type),
  },
];

describeWith(["tshark"], "tshark", () => {
  let corpus: Corpus;
  let packets: readonly string[];

  beforeAll(async () => {
    corpus = await Corpus.make(1, 4, 5, 6);
    packets = await dissect(corpus.pcap);
  });

  afterAll(() => corpus?.remove());

  it("sees one message in each packet", () => {
    expect(packets).toHaveLength(corpus.messages.length);
    const counts = packets.map((packet) => packet.match(/^OpenFlow 1\.\d$/gm)?.length);
    expect(new Set(counts)).toEqual(new Set([1]));
  });

  it("finds no error, but for its own", () => {
    const found = corpus.messages.flatMap((message, n) => {
      const complaints = complaintsOf(packets[n] as string);
      const own = MISREADINGS.some((misreading) => misreading.of(message));
      return own ? [] : complaints.map((complaint) => `${message.title}: ${complaint}`);
    });
    expect(found).toEqual([]);
  });

  it("reads our version, transaction id and length", () => {
    const read = packets.map((packet) => ({
      version: Number(/Version: 1\.\d \(0x0(\d)\)/.exec(packet)?.[1]),
      xid: Number(/^ {4}Transaction ID: (\d+)$/m.exec(packet)?.[1]),
      length: Number(/^ {4}Length: (\d+)$/m.exec(packet)?.[1]),
    }));
    const ours = corpus.messages.map(({ json: { version, xid }, frame }) => ({
      version,
      xid,
      length: frame.length,
    }));
    expect(read).toEqual(ours);
  });

  it("names each message as we do", () => {
    const read = packets.map((packet) => typesOf(packet).join(" "));
    expect(read).toEqual(corpus.messages.map(({ json }) => typesOfOurs(json.type, json.version).join(" ")));
  });

  it.each([4, 5, 6])("names the type of each error of version %i as we do", (version) => {
    const { read, ours } = pairs(
      version,
      "ERROR",
      (packet) => /^ {4}Type: OFPET_(\w+)/m.exec(packet)?.[1],
      ({ msg }) => msg.type,
    );
    expect(read).toEqual(ours);
    expect(read.length).toBeGreaterThan(1);
  });

  it.each([4, 5])("names each field and action of flows of version %i as we do", (version) => {
    const { read, ours } = pairs(version, "FLOW_MOD", namesIn, namesInOurs);
    expect(read).toEqual(ours);
    expect(new Set(read.flat()).size).toBeGreaterThan(40);
  });

  it("would find an error", async () => {
    const folder = mkdtempSync(join(tmpdir(), "oftr-tshark-"));
    try {
      const frame = Buffer.from(corpus.messages.find(({ json }) => is(json, 4, "FLOW_MOD"))?.frame as Buffer);
      frame.writeUInt16BE(200, 50); // the length of the match
      const path = join(folder, "bad.pcap");
      writeFileSync(path, pcapOf([frame]));
      const [packet] = await dissect(path);
      expect(complaintsOf(packet as string)).not.toEqual([]);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  /** What tshark and we say of all messages of a wire version and type. */
  function pairs(
    version: number,
    type: string,
    theirs: (packet: string) => unknown,
    ours: (json: Message["json"] & { readonly msg: Json }) => unknown,
  ): { readonly read: unknown[]; readonly ours: unknown[] } {
    const chosen = corpus.messages
      .map((message, n) => ({
        json: message.json as Message["json"] & { readonly msg: Json },
        packet: packets[n] as string,
      }))
      .filter(({ json }) => is(json, version, type));
    return { read: chosen.map(({ packet }) => theirs(packet)), ours: chosen.map(({ json }) => ours(json)) };
  }
});

/** The text of tshark -V for each packet. */
async function dissect(path: string): Promise<string[]> {
  return splitPackets((await runProgram("tshark", ["-r", path, "-V"], { limit: 60_000 })).toString());
}

function is(json: Message["json"], version: number, type: string): boolean {
  return json.version === version && json.type === type;
}

function hasActions(json: Message["json"]): boolean {
  const [first] = ((json.msg as Json).instructions ?? []) as { readonly actions: readonly unknown[] }[];
  return first !== undefined && first.actions.length > 0;
}

/** JSON.stringify cannot write bigints. */
function digits(_: string, value: unknown): unknown {
  return typeof value === "bigint" ? String(value) : value;
}

/** The fields and actions of a message in tshark's words, but for those that it does not know. */
function namesIn(packet: string): string[] {
  const lines = packet.matchAll(/(?:Field: OFPXMT_OF[BP]_|Type: OFPAT_)(\w+)/g);
  return Array.from(lines, ([, name]) => name as string).filter((name) => name !== "EXPERIMENTER");
}

/** The same in our words. */
function namesInOurs(json: Message["json"]): string[] {
  const text = JSON.stringify(json, digits);
  const names = Array.from(text.matchAll(/"(?:field|action)":"(\w+)"/g), ([, name]) => name as string);
  const unknown = json.version === 4 ? [...LATER, "PBB_UCA"] : LATER;
  return names.filter((name) => !/^(NX_|ONF_|0x|EXPERIMENTER)/.test(name) && !unknown.includes(name));
}

/** Names of 1.5, which switches also use with 1.3 and 1.4. */
const LATER: readonly string[] = ["TCP_FLAGS", "ACTSET_OUTPUT", "PACKET_TYPE", "COPY_FIELD"];
