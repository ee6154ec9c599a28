import { describe, expect, it } from "vitest";
import { decode, encodeJson, encodeOrRefuse } from "../../codec/support.js";
import { compareDecoded } from "./compare-decoded.js";
import { compareEncoded } from "./compare-encoded.js";
import { type Proof, proofsOf } from "./proofs.js";
import type { Later, Questions, Reply } from "./questions.js";

/** A ROLE_REQUEST of 1.3: MASTER, generation 0x0102030405060708. */
const FRAME = Buffer.from("0418001800000000000000020000000001020304050607 08".replaceAll(" ", ""), "hex");

/** Another program that is ours but for its words. */
function program(reads: (json: string) => string, writes: (json: string) => string): Questions {
  return {
    encode: (json) => later(encodeOrRefuse(writes(json), { unchecked: true })),
    decode: (hex) => later(reads(decode(Buffer.from(hex, "hex")))),
  };
}

function later(text: string | undefined): Later<Reply> {
  return () => (text === undefined ? { kind: "refused", why: "unknown value" } : { kind: "read", text });
}

/** Another program that refuses everything. */
const deaf: Questions = { encode: () => later(undefined), decode: () => later(undefined) };

/** The proofs for ours in what the program says of the frame, by their paths. */
function ofFrame(theirs: string, other: Questions): Record<string, readonly Proof[]> {
  const comparison = compareDecoded({ frame: FRAME, isDamaged: false }, { kind: "read", text: theirs });
  return Object.fromEntries(
    comparison.differences.map((one) => [one.path, proofsOf(comparison, one, other)()]),
  );
}

function ofText(text: string, theirs: Reply, other: Questions): readonly (readonly Proof[])[] {
  const comparison = compareEncoded(text, 4, theirs);
  return comparison.differences.map((one) => proofsOf(comparison, one, other)());
}

const ours = decode(FRAME);
const same = (json: string): string => json;
const swap = (json: string): string =>
  json.replace(/MASTER|SLAVE/g, (role) => (role === "MASTER" ? "SLAVE" : "MASTER"));

describe("proofs in a frame", () => {
  it("are none where the other program has two names the wrong way round, here and there", () => {
    expect(ofFrame(swap(ours), program(swap, swap))).toEqual({ "msg.role": [] });
  });

  it("are that it writes ours, and not what it read, where only its decoder is wrong", () => {
    expect(ofFrame(swap(ours), program(swap, same))).toEqual({ "msg.role": ["writes ours", "loses it"] });
  });

  it("are that it loses what it read, but not in other places", () => {
    const cut = (json: string): string => json.replace(/"generation_id":\d+/, '"generation_id":1');
    const wrong = swap(ours.replace("72623859790382856", "72623859790382857"));
    const drops = program(swap, (json) => cut(swap(json)));
    expect(ofFrame(wrong, drops)).toEqual({ "msg.role": [], "msg.generation_id": ["loses it"] });
  });

  it("are that it does not know a name where it tells the number and does not read the name", () => {
    const nameless = program(same, (json) => json.replace('"ROLE_MASTER"', '"no such name"'));
    const number = ours.replace('"ROLE_MASTER"', "2");
    expect(ofFrame(number, nameless)).toEqual({ "msg.role": ["has no name"] });
    const wrong = program(same, (json) => json.replace('"ROLE_MASTER"', "9").replace(/"role":3/, '"role":2'));
    expect(ofFrame(ours.replace('"ROLE_MASTER"', "3"), wrong)).toEqual({ "msg.role": [] });
  });
});

describe("proofs in a field", () => {
  // A GROUP_MOD of 1.2 with one bucket, which sets the unknown field 0x1234.1 to FF, mask 44.
  const group = Buffer.from(
    "030f003000000002000002000000000100200000fffffffffffffffe00000000" + "0019001012340302ff44000000000000",
    "hex",
  );

  it("are that the value has the mask in it", () => {
    const own = decode(group);
    const theirs = own.replace('"value":"FF","mask":"44"', '"value":"FF44"');
    expect(theirs).not.toBe(own);
    const comparison = compareDecoded({ frame: group, isDamaged: false }, { kind: "read", text: theirs });
    const proofs = comparison.differences.map((one) => proofsOf(comparison, one, deaf)());
    expect(proofs).toEqual([expect.arrayContaining(["joins value and mask"])]);
  });
});

describe("proofs in a text", () => {
  it("are none where the other program has two names the wrong way round, here and there", () => {
    const theirs = later(encodeJson(swap(ours)))();
    expect(ofText(ours, theirs, program(swap, swap))).toEqual([["comes back"]]);
  });

  it("are that it reads ours as the text", () => {
    const theirs = later(encodeJson(swap(ours)))();
    expect(ofText(ours, theirs, program(same, swap))).toEqual([
      ["reads ours", "drops it", "comes back", "drops what ours keeps"],
    ]);
  });

  it("are that it drops itself what ours refuses", () => {
    const text = ours.replace('"generation_id"', '"no_such_key":1,"generation_id"');
    const theirs = later(FRAME.toString("hex"))();
    expect(ofText(text, theirs, program(same, same))).toEqual([["drops it"]]);
    const keeps = (json: string): string =>
      json.replace('"generation_id"', '"no_such_key":1,"generation_id"');
    expect(ofText(text, theirs, program(keeps, same))).toEqual([[]]);
  });

  it("are that a key says nothing where the version has none, but only then", () => {
    const refused = { kind: "refused", why: "unknown key 'match'" } as const;
    const packetOut = (match: string): string =>
      `{"type":"PACKET_OUT","xid":1,"version":1,"msg":{"buffer_id":1,"in_port":1,"match":${match},"actions":[]}}`;
    expect(ofText(packetOut("[]"), refused, deaf)).toEqual([expect.arrayContaining(["says nothing there"])]);
    const comparison = compareEncoded(packetOut('[{"field":"METADATA","value":1}]'), 6, refused);
    expect(comparison.outcome).toBe("both refused");
  });

  it("are that neither frame can be read, where bytes in the text are the reason", () => {
    // NXAST_CLONE around an OUTPUT of 1.0, which has 16 bytes in 1.1.
    const text = (xid: number): string =>
      `{"type":"PACKET_OUT","xid":${xid},"version":2,"msg":{"buffer_id":1,"in_port":1,"actions":[` +
      '{"action":"EXPERIMENTER.0x00002320","data":"002A000000000000000000080001FFE5"}]}}';
    const theirs = later(encodeJson(text(2)))();
    expect(ofText(text(1), theirs, deaf)).toEqual([["neither can be read", "refuses itself"]]);
  });
});
