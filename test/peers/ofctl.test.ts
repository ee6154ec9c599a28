// What `oftr encode` makes in every version of OpenFlow, printed by Open vSwitch's own decoder.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { readSchemas } from "../../src/schema/index.js";
import { Corpus, encode, type Message } from "./corpus.js";
import type { Json } from "./daemon.js";
import { flowsOf } from "./flows/flows.js";
import { describeWith } from "./installed.js";
import { headOf, marker, nameOf, splitAtMarkers } from "./ofctl.js";
import { runProgram } from "./programs.js";

/** Messages whose length Open vSwitch 3.1 does not like, and why that is its business. */
const MISREADINGS: readonly { readonly reason: string; readonly of: (message: Message) => boolean }[] = [
  {
    reason: "it takes only errors of types that it knows",
    of: ({ json }) => json.type === "ERROR" && /^(EXPERIMENTER|0x)/.test(String((json.msg as Json).type)),
  },
  {
    reason: "it takes only errors that the version has; fixtures of 1.1 and 1.2 have some of later versions",
    of: ({ json }) => json.type === "ERROR" && (json.version === 2 || json.version === 3),
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
  {
    reason: "it wants a packet in each NXT_PACKET_IN2",
    of: ({ json }) => json.type === "NXT_PACKET_IN2" && ((json.msg as Json).data ?? "") === "",
  },
];

/** Errors about the layout. Others say that a value or an extension is unknown, which the fixtures have on purpose. */
const LAYOUT = /_BAD_LEN|BAD_LENGTH|BAD_PAD|_TRUNC|trailing|incorrect length/;

/** Messages of which Open vSwitch 3.1 reads none: 1.5 has them, it has not. */
const UNKNOWN = [
  "1.5 BUNDLE_FEATURES_REPLY",
  "1.5 BUNDLE_FEATURES_REQUEST",
  "1.5 CONTROLLER_STATUS",
  "1.5 CONTROLLER_STATUS_REPLY",
  "1.5 CONTROLLER_STATUS_REQUEST",
  "1.5 FLOW_STATS_REPLY",
  "1.5 FLOW_STATS_REQUEST",
  "1.5 METER_FEATURES_REPLY",
];

/** Match and actions of a flow: what stands between them, such as a cookie, comes in another order in dump-flows. */
function flowIn(text: string): { readonly match: string | undefined; readonly actions: string | undefined } {
  const [, match, actions] = /(priority=\S+).* actions=(.*)$/.exec(text) ?? [];
  // "No tag" is the whole tag in the match of 1.1, but not in the one with which Open vSwitch describes such a flow.
  return { match: match?.replace("vlan_tci=0x0000/0x1fff", "vlan_tci=0x0000"), actions };
}

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
      const head = headOf(texts[n] as string);
      return head === undefined ? [] : [{ read: [head.version, head.xid], ours: [`1.${version - 1}`, xid] }];
    });
    expect(pairs.map(({ read }) => read)).toEqual(pairs.map(({ ours }) => ours));
    expect(pairs.length).toBeGreaterThan(corpus.messages.length * 0.9);
  });

  it("reads each message as what it is, but for those that it does not have", () => {
    const heads = corpus.messages.flatMap(({ json }, n) => {
      const head = headOf(texts[n] as string);
      return head === undefined || json.type.startsWith("EXPERIMENTER")
        ? []
        : [{ read: head.type, ours: nameOf(json.type) }];
    });
    expect(heads.map(({ read }) => read)).toEqual(heads.map(({ ours }) => ours));
  });

  it("has all types of all versions, but for some", () => {
    const read = new Set<string>();
    const unread = new Set<string>();
    corpus.messages.forEach(({ json: { type, version } }, n) => {
      const bad = (texts[n] as string).startsWith("***decode error");
      (bad ? unread : read).add(`1.${version - 1} ${type}`);
    });
    const none = [...unread].filter((name) => !read.has(name) && !/EXPERIMENTER/.test(name));
    expect(none.sort()).toEqual(UNKNOWN);
  });

  it("prints the flows that Open vSwitch takes as ovs-ofctl dump-flows does", () => {
    const flows = [1, 2, 3, 4, 5, 6].flatMap((version) => {
      const { matches, actions } = flowsOf(version);
      return [...matches, ...actions].map(({ name, text }) => ({
        title: `1.${version - 1} flow: ${name}`,
        text,
      }));
    });
    const read = flows.map(({ title }) => {
      const at = corpus.messages.findIndex((message) => message.title === title);
      return { title, ...flowIn((texts[at] as string).trimEnd()) };
    });
    const expected = flows.map(({ title, text }) => ({ title, ...flowIn(text) }));
    expect(read).toEqual(expected);
    expect(read.length).toBeGreaterThan(100);
  });

  it("knows each error in the encoding of an experimenter by its name", async () => {
    const errors = vendorErrors();
    const made = await encode(
      errors.map(({ code, version }, n) => ({
        title: code,
        json: {
          type: "ERROR",
          xid: n,
          version,
          msg: { type: "EXPERIMENTER", code, data: "0102000800000001" },
        },
      })),
    );
    const read = (await print(made.map(({ frame }) => frame))).map(
      (text) => /^OFPT_ERROR[^:]*: (\w+)/.exec(text)?.[1],
    );
    expect(read).toEqual(errors.map(({ code }) => code));
    expect(errors.length).toBe(268);
  });

  it("would find a length that is wrong", async () => {
    const flow = corpus.messages.find(({ json }) => json.type === "FLOW_MOD" && json.version === 6);
    const frame = Buffer.from(flow?.frame as Buffer);
    frame.writeUInt16BE(200, 50); // the length of the match
    expect((await print([frame]))[0]).toMatch(LAYOUT);
  });
});

/** Each name of an error of an experimenter with each version that has it. */
function vendorErrors(): { readonly code: string; readonly version: number }[] {
  const { model } = readSchemas(join(import.meta.dirname, "../../schemas"));
  return [...model.definitions.values()].flatMap((d) =>
    d.kind !== "enum" || d.vendor === undefined
      ? []
      : [...d.values].flatMap(([code, by]) =>
          [1, 2, 3, 4, 5, 6].filter((v) => by[v] !== undefined).map((version) => ({ code, version })),
        ),
  );
}

/** What ovs-ofctl says of each frame. It reads one stream of all of them, with a marker before each. */
async function print(frames: readonly Buffer[]): Promise<string[]> {
  const folder = mkdtempSync(join(tmpdir(), "oftr-ofctl-"));
  try {
    const path = join(folder, "messages");
    writeFileSync(path, Buffer.concat(frames.flatMap((frame, n) => [marker(n), frame])));
    return splitAtMarkers((await runProgram("ovs-ofctl", ["ofp-parse", path], { limit: 60_000 })).toString());
  } finally {
    rmSync(folder, { recursive: true });
  }
}
