/** What surrounds the bodies of messages, and the words in which decoding refuses bytes. */
import { describe, expect, it } from "vitest";
import { DecodeError } from "../../src/base/index.js";
import {
  decodeMessage,
  type EnvelopeKeys,
  headerTypeName,
  makeEnvelope,
  messageTypeName,
} from "../../src/codec/decode.js";
import { Text } from "../../src/text/index.js";
import { bytes, decode, encodeJson } from "./support.js";

function decodeWith(frame: Buffer, keys: EnvelopeKeys, sec = -1, nsec = 0): string {
  const out = new Text();
  const envelope = makeEnvelope(keys);
  envelope.sec = sec;
  envelope.nsec = nsec;
  decodeMessage(frame, out, envelope);
  return out.takeString();
}

/** The error that the decoding of these hex digits ends in. */
function refused(text: string): DecodeError {
  try {
    decode(bytes(text));
  } catch (error) {
    if (error instanceof DecodeError) return error;
    throw error;
  }
  throw new Error("decoded");
}

/** Everything of a 1.3 FLOW_MOD before its match. */
const FLOW_MOD = "00000000 00*40";

describe("an error says what is wrong, where, and at which byte:", () => {
  it.each([
    // The header
    ["04 00 00", "header: needs 8 bytes, has 3 (byte 0)"],
    ["00 05 0008 00000000", "header: version 0 is not OpenFlow 1.0 to 1.5 (byte 0)"],
    ["07 05 0008 00000000", "header: version 7 is not OpenFlow 1.0 to 1.5 (byte 0)"],
    ["04 05 0009 00000000", "header: length 9, but there are 8 bytes (byte 2)"],
    ["04 05 0008 00000000 00", "header: length 8, but there are 9 bytes (byte 2)"],
    ["04 12 000c 00000001 00000000", "multipart header: needs 8 bytes, has 4 (byte 8)"],
    // Bodies
    ["04 05 0009 00000000 00", "FEATURES_REQUEST: has 1 byte, not 0 (byte 8)"],
    ["04 0e 0037 00000000 00*47", "FLOW_MOD: needs 48 bytes, has 47 (byte 8)"],
    [
      "04 13 0014 00000000 000d 0000 00000000 00000000",
      "PORT_DESC_REPLY, Port: has 4 bytes, not a multiple of 64 (byte 16)",
    ],
    // Matches
    [`04 0e 0038 ${FLOW_MOD} 0002 0004 00000000`, "FLOW_MOD.match: type 2, not 1 (byte 48)"],
    [`04 0e 0038 ${FLOW_MOD} 0001 0003 00000000`, "FLOW_MOD.match: length 3, less than 4 (byte 48)"],
    [
      `04 0e 0038 ${FLOW_MOD} 0001 0009 00000000`,
      "FLOW_MOD.match: length 9 and its padding exceed the 8 bytes left (byte 48)",
    ],
    [
      `04 0e 0040 ${FLOW_MOD} 0001 000a 80000005 0000 000000000000`,
      "FLOW_MOD, Field: length 5 exceeds the 2 bytes left (byte 55)",
    ],
    // Instructions, actions, bands: too short, too long, of no length, not as long as the type is
    [
      `04 0e 0040 ${FLOW_MOD} 0001 0004 00000000 0001 0004 00000000`,
      "FLOW_MOD, Instruction: length 4 is not a multiple of 8 (byte 58)",
    ],
    [
      `04 0e 0040 ${FLOW_MOD} 0001 0004 00000000 0004 0010 00000000`,
      "FLOW_MOD, Instruction: length 16 exceeds the 8 bytes left (byte 58)",
    ],
    [
      `04 0e 0040 ${FLOW_MOD} 0001 0004 00000000 0001 0000 00000000`,
      "FLOW_MOD, Instruction: length 0, less than 4 (byte 58)",
    ],
    [
      `04 0e 0050 ${FLOW_MOD} 0001 0004 00000000 0004 0018 00000000 0000 0008 00000001 00*8`,
      "FLOW_MOD, Action OUTPUT: has 8 bytes, not 16 (byte 64)",
    ],
    [
      `04 0e 0048 ${FLOW_MOD} 0001 0004 00000000 0004 0010 00000000 0000 0018 00000001`,
      "FLOW_MOD, Action: length 24 exceeds the 8 bytes left (byte 66)",
    ],
    [
      "04 0d 0018 00000000 ffffffff 00000001 0008 00*6",
      "PACKET_OUT.actions: length 8 exceeds the 0 bytes left (byte 24)",
    ],
    [
      "04 1d 0018 00000000 0000 0000 00000001 0001 0010 00000000",
      "METER_MOD, MeterBand: length 16 exceeds the 8 bytes left (byte 18)",
    ],
    [
      "04 1d 0014 00000000 0000 0000 00000001 0001 0004",
      "METER_MOD, MeterBand DROP: has 4 bytes, not 16 (byte 16)",
    ],
    [
      "01 0e 0050 00000000 00*64 0000 0007 00000000",
      "FLOW_MOD, Action: length 7 is not a multiple of 8 (byte 74)",
    ],
    // Structures and properties
    [
      "04 0f 0018 00000000 0000 00 00 00000001 0008 0000 00000000",
      "GROUP_MOD, Bucket: needs 16 bytes, has 8 (byte 16)",
    ],
    [
      "04 0f 0020 00000000 0000 00 00 00000001 0018 0000 00*12",
      "GROUP_MOD, Bucket: length 24 exceeds the 16 bytes left (byte 16)",
    ],
    [
      "05 0c 0040 00000000 00*8 00000001 0030 0000 000000000001 0000 00*24 0000 0008 00000000",
      "PORT_STATUS, Port.ETHERNET: has 8 bytes, not 32 (byte 56)",
    ],
    // Messages within messages
    [
      "05 22 0018 00000000 00000001 0000 0000 05 14 0009 00000000",
      "BUNDLE_ADD_MESSAGE.message: length 9 exceeds the 8 bytes left (byte 18)",
    ],
    [
      "05 22 0018 00000000 00000001 0000 0000 00 14 0008 00000000",
      "BUNDLE_ADD_MESSAGE, header: version 0 is not OpenFlow 1.0 to 1.5 (byte 16)",
    ],
    [
      "05 22 0019 00000000 00000001 0000 0000 05 14 0009 00000000 00",
      "BUNDLE_ADD_MESSAGE, BARRIER_REQUEST: has 1 byte, not 0 (byte 24)",
    ],
    // The match of 1.1, which is written by hand
    [`02 0e 0088 00000000 00*40 0001 0058 00*84`, "FLOW_MOD, match: type 1, not 0 (byte 48)"],
    [`02 0e 0088 00000000 00*40 0000 0057 00*84`, "FLOW_MOD, match: length 87, not 88 (byte 50)"],
    // Behind the last part
    ["05 0c 0040 00000000 00*8 00000001 0028 00*42", "PORT_STATUS: 8 bytes too many (byte 56)"],
  ])("%s", (text, message) => {
    const error = refused(text);
    expect(error.message).toBe(message);
    expect(message).toContain(`${error.where}: `);
    expect(message).toContain(`(byte ${error.offset})`);
  });

  it("as a code, too", () => {
    expect(refused("04 00 00").code).toBe("SHORT");
    expect(refused("09 00 0008 00000000").code).toBe("BAD_VERSION");
    expect(refused("04 00 0009 00000000").code).toBe("BAD_LENGTH");
  });
});

describe("a message that is refused", () => {
  it("leaves no text behind", () => {
    const out = new Text();
    const envelope = makeEnvelope({});
    decodeMessage(bytes("04 14 0008 00000001"), out, envelope);
    expect(() => decodeMessage(bytes(`04 0e 0038 ${FLOW_MOD} 0001 0009 00000000`), out, envelope)).toThrow(
      DecodeError,
    );
    decodeMessage(bytes("04 15 0008 00000001"), out, envelope);
    expect(out.takeString()).toBe(
      '{"type":"BARRIER_REQUEST","xid":1,"version":4,"msg":{}}{"type":"BARRIER_REPLY","xid":1,"version":4,"msg":{}}',
    );
  });

  it("does not change how the next one is read", () => {
    // A match on TCP names the ports that actions of 1.0 set; the next message has no such match.
    const tcp = "003820cf 00*18 0800 00 06 00*14";
    const setPort = "0009 0008 0050 0000";
    expect(refused(`01 0e 0050 00000000 ${tcp} 00*24 0000 0007 00000000`).where).toBe("FLOW_MOD, Action");
    expect(decode(bytes(`01 0d 0018 00000000 ffffffff ffff 0008 ${setPort}`))).toContain(
      '"actions":[{"action":"0x0009","data":"00500000"}]',
    );
  });
});

describe("types without a name", () => {
  it("are printed whole, as messages", () => {
    expect(decode(bytes("04 63 000a 00000001 0102"))).toBe(
      '{"type":"_RAW_MESSAGE","xid":1,"version":4,"msg":{"type":99,"data":"0102"}}',
    );
  });

  it("are printed whole, as multiparts", () => {
    expect(decode(bytes("04 12 0014 00000001 0063 0000 00000000 01020304"))).toBe(
      '{"type":"_RAW_MESSAGE","xid":1,"version":4,"msg":{"type":18,"data":"006300000000000001020304"}}',
    );
  });

  it("may be those of other versions", () => {
    expect(decode(bytes("03 1d 0008 00000000"))).toContain('"msg":{"type":29,"data":""}');
    expect(decode(bytes("01 16 0008 00000000"))).toContain('"msg":{"type":22,"data":""}');
  });
});

describe("the keys around msg", () => {
  const barrier = bytes("04 14 0008 00000007");

  it("are those of the header", () => {
    expect(decodeWith(barrier, {})).toBe('{"type":"BARRIER_REQUEST","xid":7,"version":4,"msg":{}}');
  });

  it("have the time as text of nine decimals", () => {
    expect(decodeWith(barrier, {}, 1700000000, 5)).toBe(
      '{"type":"BARRIER_REQUEST","time":"1700000000.000000005","xid":7,"version":4,"msg":{}}',
    );
    expect(decodeWith(barrier, {}, 0, 0)).toContain('"time":"0.000000000"');
  });

  it("have the flags of multiparts", () => {
    expect(decode(bytes("04 12 0010 00000000 0000 0000 00000000"))).toContain('"flags":[],');
    expect(decode(bytes("04 12 0010 00000000 0000 0001 00000000"))).toContain('"flags":["MORE"],');
    expect(decode(bytes("01 10 000c 00000000 0000 8002"))).toContain('"flags":["0x00008002"],');
  });

  it("have what is known of the connection, in a fixed order", () => {
    const keys = { _file: "a", auxiliary_id: 1, datapath_id: "00:01", dst: "d", src: "s", conn_id: 3 };
    expect(decodeWith(barrier, keys)).toBe(
      '{"type":"BARRIER_REQUEST","xid":7,"version":4,' +
        '"conn_id":3,"src":"s","dst":"d","datapath_id":"00:01","auxiliary_id":1,"_file":"a","msg":{}}',
    );
  });

  it("leave out an auxiliary_id of 0, and are ASCII", () => {
    expect(decodeWith(barrier, { auxiliary_id: 0, _file: 'ä"\n' })).toBe(
      '{"type":"BARRIER_REQUEST","xid":7,"version":4,"_file":"\\u00e4\\"\\n","msg":{}}',
    );
  });
});

describe("a message inside another", () => {
  it("has keys of its own, and no time", () => {
    const frame = bytes("05 22 0018 00000009 00000001 0000 0001 04 14 0008 00000002");
    expect(decodeWith(frame, { conn_id: 3 }, 1, 0)).toBe(
      '{"type":"BUNDLE_ADD_MESSAGE","time":"1.000000000","xid":9,"version":5,"conn_id":3,"msg":{"bundle_id":1,' +
        '"flags":["ATOMIC"],"message":{"type":"BARRIER_REQUEST","xid":2,"version":4,"msg":{}},"properties":[]}}',
    );
  });

  /** Bundle messages around a BARRIER_REQUEST. */
  const nested = (depth: number): Buffer => {
    if (depth === 0) return bytes("05 14 0008 00000000");
    const inner = nested(depth - 1);
    const outer = Buffer.concat([bytes("05 22 0000 00000000 00000001 0000 0000"), inner]);
    outer.writeUInt16BE(outer.length, 2);
    return outer;
  };

  it("is hex below that with the header of a multipart, too, and as the whole of a REQUESTFORWARD", () => {
    const wrap = (head: string, inner: Buffer): Buffer => {
      const outer = Buffer.concat([bytes(head), inner]);
      outer.writeUInt16BE(outer.length, 2);
      return outer;
    };
    let frame = bytes("06 12 0010 00000005 000d 0001 00000000");
    for (let i = 0; i < 40; i++) frame = wrap("06 20 0000 00000000", frame);
    const json = decode(frame);
    expect(json.match(/REQUESTFORWARD/g)).toHaveLength(33);
    expect(json.match(/_RAW_MESSAGE/g)).toHaveLength(1);
    expect(encodeJson(json)).toBe(frame.toString("hex"));
  });

  it("may hold others, 32 deep", () => {
    expect(decode(nested(32)).match(/BUNDLE_ADD_MESSAGE/g)).toHaveLength(32);
  });

  it("is hex below that, and comes back", () => {
    const text = decode(nested(33));
    expect(text.match(/BUNDLE_ADD_MESSAGE/g)).toHaveLength(33);
    expect(text).toContain(
      '"message":{"type":"_RAW_MESSAGE","xid":0,"version":5,"msg":{"type":20,"data":""}}',
    );
    for (const depth of [34, 4000]) {
      const frame = nested(depth);
      const json = decode(frame);
      expect(json.match(/BUNDLE_ADD_MESSAGE/g)).toHaveLength(33);
      expect(json.match(/"type":"_RAW_MESSAGE","xid":0,"version":5,"msg":\{"type":34,/g)).toHaveLength(1);
      expect(encodeJson(json)).toBe(frame.toString("hex"));
    }
  });
});

describe("messageTypeName", () => {
  it("says the name that decoding prints", () => {
    expect(messageTypeName(bytes("04 0e 0008 00000000"))).toBe("FLOW_MOD");
    expect(messageTypeName(bytes("01 10 000c 00000000 0004 0000"))).toBe("PORT_STATS_REQUEST");
    expect(messageTypeName(bytes("06 13 0010 00000000 0004 0000 00000000"))).toBe("PORT_STATS_REPLY");
  });

  it("says nothing of types that a version lacks", () => {
    expect(messageTypeName(bytes("01 1d 0008 00000000"))).toBeUndefined();
    expect(messageTypeName(bytes("04 00"))).toBeUndefined();
    expect(messageTypeName(bytes("04 12 0010 00000000 0063 0000 00000000"))).toBeUndefined();
  });
});

describe("headerTypeName", () => {
  it.each([
    [1, 14, "FLOW_MOD"],
    [1, 15, "PORT_MOD"],
    [4, 15, "GROUP_MOD"],
    [1, 16, "MULTIPART_REQUEST"],
    [1, 17, "MULTIPART_REPLY"],
    [6, 18, "MULTIPART_REQUEST"],
    [6, 19, "MULTIPART_REPLY"],
    [4, 99, "TYPE_99"],
    [0, 0, "HELLO"],
    [0, 6, "FEATURES_REPLY"],
    [0, 7, "TYPE_7"],
  ])("names version %d, type %d: %s", (version, type, name) => {
    expect(headerTypeName(version, type)).toBe(name);
  });
});

describe("a message of an experimenter that is not as its definition says", () => {
  it.each([
    ["04 04 0012 00000001 00002320 0000000a 0001", '"EXPERIMENTER"', '"exp_type":10,"data":"0001"'],
    [
      "04 13 001c 00000001 ffff 0000 00000000 00002320 00000003 01020304",
      '"EXPERIMENTER_REPLY"',
      '"data":"01020304"',
    ],
  ])("is printed as hex: %s", (frame, type, rest) => {
    const text = decode(bytes(frame));
    expect(text).toContain(`{"type":${type},`);
    expect(text).toContain(rest);
    expect(encodeJson(text)).toBe(frame.replaceAll(" ", ""));
  });
});
