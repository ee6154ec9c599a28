import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { decodeMessage, makeEnvelope, TunnelOptions } from "../../src/codec/decode.js";
import { encodeMessage, MessageWriter } from "../../src/codec/encode.js";
import { Text } from "../../src/text/index.js";

/** Class 0x0102, type 0x80, 8 bytes is NX_TUN_METADATA3; 0xffff, 1, 4 is NX_TUN_METADATA60. */
const MAPPINGS = "01028008 0003 0000 ffff0104 003c 0000";
const THREE = { option_class: 0x0102, option_type: 0x80, option_len: 8 };
const SIXTY = { option_class: 0xffff, option_type: 1, option_len: 4 };

/** A message of Nicira in 1.3. */
function vendor(subtype: number, body: string, xid = 7): Buffer {
  const frame = Buffer.from(`0404 0000 00000000 00002320 0000 0000 ${body}`.replaceAll(" ", ""), "hex");
  frame.writeUInt16BE(frame.length, 2);
  frame.writeUInt32BE(xid, 4);
  frame.writeUInt32BE(subtype, 12);
  return frame;
}

/** NXT_TLV_TABLE_MOD; 0 is ADD, 1 DELETE, 2 CLEAR. */
function mod(command: number, mappings: string, xid = 7): Buffer {
  return vendor(24, `000${command} 000000000000 ${mappings}`, xid);
}

function request(xid: number): Buffer {
  return vendor(25, "", xid);
}

function reply(mappings: string, xid = 7): Buffer {
  return vendor(26, `00000100 0040 00000000000000000000 ${mappings}`, xid);
}

/** An ERROR: NXTTMFC_ALREADY_MAPPED. */
function refusal(xid: number): Buffer {
  const frame = Buffer.from("04010010000000000000ffff00150000", "hex");
  frame.writeUInt32BE(xid, 4);
  return frame;
}

function seen(...frames: Buffer[]): TunnelOptions {
  const options = new TunnelOptions();
  for (const frame of frames) options.observe(frame);
  return options;
}

function table(options: TunnelOptions): object {
  return Object.fromEntries(options.entries);
}

describe("the options of tunnels", () => {
  it("are what the switch tells, and nothing else", () => {
    expect(table(seen())).toEqual({});
    expect(table(seen(reply(MAPPINGS)))).toEqual({ 3: THREE, 60: SIXTY });
    expect(table(seen(reply(MAPPINGS), reply("01028008 0005 0000")))).toEqual({ 5: THREE });
  });

  it("are what somebody else knows, once that is told", () => {
    const options = seen(mod(0, "01028008 0005 0000"));
    const before = options.entries;
    options.know(seen(reply(MAPPINGS)).mappings);
    expect(table(options)).toEqual({ 3: THREE, 60: SIXTY });
    expect(options.mappings).toEqual([
      { ...THREE, index: 3 },
      { ...SIXTY, index: 60 },
    ]);
    expect(options.entries).not.toBe(before);
    // The refusal of what was sent before does not matter any more.
    options.observe(refusal(7));
    expect(table(options)).toEqual({ 3: THREE, 60: SIXTY });
  });

  it("change with what the switch is told", () => {
    expect(table(seen(mod(0, MAPPINGS)))).toEqual({ 3: THREE, 60: SIXTY });
    expect(table(seen(reply(MAPPINGS), mod(1, "01028008 0003 0000")))).toEqual({ 60: SIXTY });
    expect(table(seen(reply(MAPPINGS), mod(2, "")))).toEqual({});
    expect(table(seen(reply(MAPPINGS), mod(2, ""), mod(0, "01028008 0009 0000")))).toEqual({ 9: THREE });
  });

  it("do not change when the switch refuses that", () => {
    const add = mod(0, "ffff0104 003c 0000", 8);
    expect(table(seen(mod(0, "01028008 0003 0000", 7), add, refusal(8)))).toEqual({ 3: THREE });
    expect(table(seen(mod(0, "01028008 0003 0000", 7), add, refusal(7)))).toEqual({ 60: SIXTY });
    expect(table(seen(mod(2, "", 7), mod(0, MAPPINGS, 8), refusal(9)))).toEqual({ 3: THREE, 60: SIXTY });
  });

  it("are those of an answer and what was sent after the question", () => {
    const before = mod(0, "01028008 0003 0000", 1);
    const later = mod(0, "ffff0104 003c 0000", 3);
    expect(table(seen(before, request(2), later, reply("01028008 0003 0000", 2)))).toEqual({
      3: THREE,
      60: SIXTY,
    });
    expect(table(seen(before, request(2), later, reply("", 2), refusal(3)))).toEqual({});
  });

  it("are kept however many changes come", () => {
    const options = seen(
      ...Array.from({ length: 200 }, (_, n) => mod(0, `0102${n < 100 ? "80" : "81"}08 0003 0000`, n)),
    );
    expect(table(options)).toEqual({ 3: { ...THREE, option_type: 0x81 } });
  });

  it("have no more numbers than there are fields", () => {
    expect(table(seen(reply("01028008 0040 0000 01028008 003f 0000")))).toEqual({ 63: THREE });
  });

  it("are saved and restored, with what may still be refused", () => {
    const saved = seen(reply(MAPPINGS), mod(2, "", 9)).save();
    const options = new TunnelOptions();
    options.restore(saved);
    expect(table(options)).toEqual({});
    options.observe(refusal(9));
    expect(table(options)).toEqual({ 3: THREE, 60: SIXTY });
  });

  it("are not told by messages that are cut off, or by noise", () => {
    const whole = reply(MAPPINGS);
    for (let n = 8; n < whole.length; n++) {
      const part = Buffer.from(whole.subarray(0, n));
      expect(table(seen(part))).toEqual({});
      part.writeUInt16BE(n, 2);
      // One mapping is whole after 40 bytes.
      expect(table(seen(part))).toEqual(n === 40 ? { 3: THREE } : {});
    }
    fc.assert(
      fc.property(
        fc.uint8Array({ minLength: 8, maxLength: 64 }),
        fc.constantFrom(24, 25, 26),
        (noise, subtype) => {
          seen(Buffer.from(noise), vendor(subtype, Buffer.from(noise).toString("hex")));
        },
      ),
    );
  });
});

/** A FLOW_MOD of 1.3 that matches NX_TUN_METADATA3 under a mask, and sets NX_TUN_METADATA60. */
const FLOW = {
  type: "FLOW_MOD",
  xid: 1,
  version: 4,
  msg: {
    table_id: 0,
    command: "ADD",
    match: [{ field: "NX_TUN_METADATA3", value: "0000002A", mask: "000000FF" }],
    instructions: [
      {
        instruction: "APPLY_ACTIONS",
        actions: [{ action: "SET_FIELD", field: "NX_TUN_METADATA60", value: "00000001" }],
      },
    ],
  },
};

function flow(field: object, action: object = {}): typeof FLOW {
  const [match] = FLOW.msg.match;
  const [apply] = FLOW.msg.instructions;
  const actions = [{ ...apply?.actions[0], ...action }];
  return {
    ...FLOW,
    msg: { ...FLOW.msg, match: [{ ...match, ...field }], instructions: [{ ...apply, actions }] },
  } as typeof FLOW;
}

function encode(message: object, options?: TunnelOptions): Buffer {
  const w = new MessageWriter();
  encodeMessage(message, w, { options });
  return w.copy();
}

function decode(frame: Buffer, options?: TunnelOptions): { readonly msg: typeof FLOW.msg } {
  const text = new Text();
  decodeMessage(frame, text, makeEnvelope({}, options));
  return JSON.parse(text.takeString());
}

describe("a field that is an option", () => {
  const known = seen(reply(MAPPINGS));
  const plain = encode(FLOW);

  it("is told with it where the connection knows it", () => {
    expect(decode(plain).msg.match).toEqual(FLOW.msg.match);
    const { match, instructions } = decode(plain, known).msg;
    expect(match).toEqual([{ ...FLOW.msg.match[0], option: THREE }]);
    expect(instructions[0]?.actions).toEqual([{ ...FLOW.msg.instructions[0]?.actions[0], option: SIXTY }]);
  });

  it("comes back as the same bytes, with the table and without", () => {
    const told = decode(plain, known);
    expect(encode(told, known)).toEqual(plain);
    expect(encode(told)).toEqual(plain);
  });

  it("is found by its option", () => {
    const byOption = flow(
      { field: "NX_TUN_METADATA", option: THREE },
      { field: "NX_TUN_METADATA", option: { option_class: "0xffff", option_type: "1", option_len: 4 } },
    );
    expect(encode(byOption, known)).toEqual(plain);
  });

  it.each([
    [
      { field: "NX_TUN_METADATA", option: THREE },
      undefined,
      "no options are known here; NXT_TLV_TABLE_REQUEST asks for them",
    ],
    [
      { field: "NX_TUN_METADATA", option: { ...THREE, option_len: 4 } },
      known,
      'NX_TUN_METADATA3 {"option_class":258,"option_type":128,"option_len":8}',
    ],
    [
      { option: SIXTY },
      known,
      'msg.match[0].option: NX_TUN_METADATA3 is the option {"option_class":258,"option_type":128,"option_len":8} here, not {"option_class":65535',
    ],
    [
      { field: "IN_PORT", option: THREE },
      known,
      'msg.match[0].option: "IN_PORT" is not an option of a tunnel',
    ],
    [{ field: "0x00015604", option: THREE }, known, '"0x00015604" is not an option of a tunnel'],
    [{ field: "NXM_NX_TUN_METADATA3", option: SIXTY }, known, "NXM_NX_TUN_METADATA3 is the option"],
    [{ option: { option_class: 1 } }, undefined, "msg.match[0].option.option_type: is missing"],
    [{ option: { ...THREE, index: 3 } }, undefined, "msg.match[0].option.index: is not a known key"],
    [
      { option: { ...THREE, option_type: 256 } },
      undefined,
      "msg.match[0].option.option_type: 256 is more than 255",
    ],
    [{ option: 5 }, undefined, "msg.match[0].option: 5 is not an object"],
    [
      { field: "NX_TUN_METADATA" },
      known,
      '"NX_TUN_METADATA" is not a Field (did you mean NX_TUN_METADATA0?)',
    ],
    [{ options: THREE }, known, "msg.match[0].options: is not a known key (did you mean option?)"],
  ])("is refused where the option does not fit: %j", (field, options, error) => {
    expect(() => encode(flow(field), options)).toThrow(error);
  });
});
