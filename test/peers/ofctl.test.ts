// What `oftr encode` makes in every version of OpenFlow, printed by Open vSwitch's own decoder.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { Corpus, type Message } from "./corpus.js";
import type { Json } from "./daemon.js";
import { describeWith } from "./installed.js";
import { runProgram } from "./programs.js";

/** Messages whose length Open vSwitch 3.1 does not like, and why that is its business. */
const MISREADINGS: readonly { readonly reason: string; readonly of: (message: Message) => boolean }[] = [
  {
    reason: "it takes only errors of types that it knows",
    of: ({ json }) => json.type === "ERROR" && /^(EXPERIMENTER|0x)/.test(String((json.msg as Json).type)),
  },
  {
    reason: "it wants experimenters' multipart messages to be as long as Nicira's are",
    of: ({ json }) => json.type.startsWith("EXPERIMENTER_"),
  },
  {
    reason: "it wants meter bands to be as long as those that it knows",
    of: ({ json }) =>
      json.type === "METER_MOD" &&
      ((json.msg as Json).bands as { readonly type: string }[]).some(({ type }) =>
        /^(EXPERIMENTER|0x)/.test(type),
      ),
  },
  {
    reason: "it has the 1.3 layout for 1.5, which adds a word of flags (1.5.1 §7.3.5.14)",
    of: ({ json }) => json.type === "METER_FEATURES_REPLY" && json.version === 6,
  },
];

/** Errors about the layout. Others say that a value or an extension is unknown, which the fixtures have on purpose. */
const LAYOUT = /_BAD_LEN|BAD_LENGTH|BAD_PAD|_TRUNC|trailing|incorrect length/;

describeWith(["ovs-ofctl"], "ovs-ofctl ofp-print", () => {
  let corpus: Corpus;
  let texts: readonly string[];

  beforeAll(async () => {
    corpus = await Corpus.make(1, 2, 3, 4, 5, 6);
    texts = await print(corpus.messages.map(({ frame }) => frame));
  });

  afterAll(() => corpus?.remove());

  it("finds no length that is wrong", () => {
    const bad = corpus.messages.flatMap((message, n) => {
      const text = texts[n] as string;
      const own = MISREADINGS.some((misreading) => misreading.of(message));
      return own || !LAYOUT.test(text) ? [] : [`${message.title}: ${text}`];
    });
    expect(bad).toEqual([]);
  });

  it("reads our version and transaction id of each message that it knows", () => {
    const pairs = corpus.messages.flatMap(({ json: { version, xid } }, n) => {
      const [, of = "1.0", id] =
        /^\w+(?: \w+)?(?: \(OF(1\.\d)\))? \(xid=(0x\w+)\):/.exec(texts[n] as string) ?? [];
      return id === undefined ? [] : [{ read: [of, Number(id)], ours: [`1.${version - 1}`, xid] }];
    });
    expect(pairs.map(({ read }) => read)).toEqual(pairs.map(({ ours }) => ours));
    expect(pairs.length).toBeGreaterThan(corpus.messages.length * 0.9);
  });

  it("prints every match field of its flows as we named it", () => {
    const at = corpus.messages.findIndex(
      ({ title }) => title === "1.3 flow: a TCP packet with a tag, its port, metadata and tunnel",
    );
    expect(texts[at]).toBe(
      `OFPT_FLOW_MOD (OF1.3) (xid=0x${corpus.messages[at]?.json.xid.toString(16)}): ADD priority=1000,tcp,tun_id=0xabcdef,metadata=0x1234567890,in_port=1,dl_vlan=100,dl_vlan_pcp=5,dl_src=02:00:00:00:00:01,dl_dst=02:00:00:00:00:02,nw_src=10.0.0.1,nw_dst=10.0.0.2,nw_tos=184,nw_ecn=2,tp_src=1234,tp_dst=80 actions=drop\n`,
    );
  });
});

/**
 * What ovs-ofctl says of each frame. It reads one stream of all of them; an ECHO_REQUEST with an xid of its own stands before
 * each, so that what is printed can be told apart.
 */
async function print(frames: readonly Buffer[]): Promise<string[]> {
  const folder = mkdtempSync(join(tmpdir(), "oftr-ofctl-"));
  try {
    const path = join(folder, "messages");
    writeFileSync(path, Buffer.concat(frames.flatMap((frame, n) => [marker(n), frame])));
    const text = (await runProgram("ovs-ofctl", ["ofp-parse", path], { limit: 60_000 })).toString();
    return text.split(/^OFPT_ECHO_REQUEST \(xid=0xfe[0-9a-f]{6}\): 0 bytes of payload\n/m).slice(1);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function marker(n: number): Buffer {
  const echo = Buffer.from([1, 2, 0, 8, 0, 0, 0, 0]);
  echo.writeUInt32BE(0xfe00_0000 + n, 4);
  return echo;
}
