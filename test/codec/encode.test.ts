/** What encoding accepts, and the words in which it refuses the rest. */
import { describe, expect, it } from "vitest";
import { EncodeError, TextError } from "../../src/base/index.js";
import type { EncodeOptions } from "../../src/codec/encode.js";
import { encodeMessage, MessageWriter } from "../../src/codec/encode.js";
import { decode, encodeJson, encodeValue, encodeYaml, hex } from "./support.js";

/** A FLOW_MOD with these members besides the required ones. */
function flowMod(members: object, version = 4): string {
  return JSON.stringify({ type: "FLOW_MOD", version, msg: { table_id: 0, command: "ADD", ...members } });
}

/** A FLOW_MOD with one APPLY_ACTIONS. */
function apply(actions: unknown, version = 4): string {
  return flowMod({ instructions: [{ instruction: "APPLY_ACTIONS", actions }] }, version);
}

function message(type: string, msg: unknown, version = 4): string {
  return JSON.stringify({ type, version, msg });
}

/** The error that a JSON text ends in. */
function refused(json: string, options: EncodeOptions = {}): EncodeError {
  try {
    encodeJson(json, options);
  } catch (error) {
    if (error instanceof EncodeError) return error;
    throw error;
  }
  throw new Error("encoded");
}

function expectRefusals(rows: readonly (readonly [json: string, error: string])[]): void {
  for (const [json, error] of rows) expect(refused(json).message).toBe(error);
}

describe("messages that zof's documentation shows, as YAML", () => {
  it("ROLE_REQUEST", () => {
    const yaml = `
type: ROLE_REQUEST
xid: 0x10
msg:
  role: ROLE_MASTER
  generation_id: 0x10
`;
    expect(encodeYaml(yaml, { version: 4 })).toBe(
      hex(`04 18 0018 00000010  00000002 00000000  0000000000000010`),
    );
  });

  it("FLOW_MOD that sends all packets to the controller", () => {
    const yaml = `
type: FLOW_MOD
msg:
  table_id: 0
  command: ADD
  match: []
  instructions:
    - instruction: APPLY_ACTIONS
      actions:
        - action: OUTPUT
          port_no: CONTROLLER
          max_len: NO_BUFFER
`;
    expect(encodeYaml(yaml, { version: 4 })).toBe(
      hex(`
        04 0e 0050 00000000
        0000000000000000 0000000000000000     # cookie, cookie_mask
        00 00 0000 0000 0000                  # table_id, command, timeouts, priority
        ffffffff ffffffff ffffffff 0000 0000  # buffer_id, out_port, out_group, flags
        0001 0004 00000000                    # match
        0004 0018 00000000                    # APPLY_ACTIONS
        0000 0010 fffffffd ffff 000000000000  # OUTPUT`),
    );
  });

  it("REQUEST.PORT_STATS of all ports", () => {
    const yaml = `
type: REQUEST.PORT_STATS
msg:
  port_no: ANY
`;
    expect(encodeYaml(yaml, { version: 4 })).toBe(
      hex(`04 12 0018 00000000  0004 0000 00000000  ffffffff 00000000`),
    );
  });

  it("REQUEST.TABLE_FEATURES without tables", () => {
    const yaml = `
type: REQUEST.TABLE_FEATURES
msg: []
`;
    expect(encodeYaml(yaml, { version: 4 })).toBe(hex(`04 12 0010 00000000  000c 0000 00000000`));
  });

  it("TABLE_FEATURES with other names of fields, as matches take them", () => {
    const table = (id: string): string =>
      encodeYaml(
        `
type: TABLE_FEATURES_REQUEST
msg:
  - {table_id: 1, name: t, metadata_match: 0, metadata_write: 0, config: [], max_entries: 1, match: [${id}]}
`,
        { version: 4 },
      );
    expect(table("TUN_ID/")).toBe(table("TUNNEL_ID/"));
    expect(table("TUN_ID/")).toContain("80004d10");
    expect(table("~IPV6_LABEL")).toBe(table("~IPV6_FLABEL"));
    expect(() => table("TUN_IDS")).toThrow(
      /msg\[0\]\.match\[0\]: "TUN_IDS" is not a Field \(did you mean TUN_ID/,
    );
  });

  it("an Ethernet address without quotes", () => {
    expect(matchOf("- field: ETH_DST\n      value: 00:00:00:00:00:01")).toBe(
      hex(`0001 000e 80000606 000000000001 0000`),
    );
  });

  it("an IPv4 address under a mask, which takes away its other bits and brings the Ethernet type", () => {
    expect(matchOf("- field: IPV4_SRC\n      value: 10.0.0.1\n      mask: 255.0.0.0")).toBe(
      hex(`0001 0016 80000a02 0800 80001708 0a000000 ff000000 0000`),
    );
  });

  it("a field by its header", () => {
    expect(matchOf("- field: '0x00014804'\n      value: 01020304")).toBe(
      hex(`0001 000c 00014804 01020304 00000000`),
    );
  });

  it("a field by its header and experimenter", () => {
    expect(matchOf("- field: '0xFFFF5608.0x4F4E4600'\n      value: 01020304")).toBe(
      hex(`0001 0010 ffff5608 4f4e4600 01020304`),
    );
  });

  it("not a field whose header announces fewer bytes", () => {
    expect(() => matchOf("- field: '0xFFFF5608.0x4F4E4600'\n      value: 0102030405060708")).toThrow(
      "msg.match[0].value: 8 bytes, but the header 0xFFFF5608 announces 4",
    );
  });

  /** The bytes of the match of a FLOW_MOD. */
  function matchOf(fields: string): string {
    const yaml = `
type: FLOW_MOD
msg:
  table_id: 0
  command: ADD
  match:
    ${fields}
`;
    return encodeYaml(yaml, { version: 4 }).slice(2 * 48);
  }
});

describe("an error says", () => {
  it("where, what, and what was probably meant", () => {
    const actions = [
      { action: "OUTPUT", port_no: 1 },
      { action: "GROUP", group_id: 1 },
      { action: "OUTPUT", port_no: "FLOD" },
    ];
    const error = refused(apply(actions));
    expect(error.message).toBe(
      'msg.instructions[0].actions[2].port_no: "FLOD" is not a PortNumber (did you mean FLOOD?)',
    );
    expect(error).toMatchObject({
      path: "msg.instructions[0].actions[2].port_no",
      code: "INVALID",
      found: "FLOD",
      expected: "PortNumber",
    });
  });

  it("that a name is none of those that may stand there", () => {
    expectRefusals([
      [
        apply([{ action: "OUTPT" }]),
        'msg.instructions[0].actions[0].action: "OUTPT" is not an Action (did you mean OUTPUT?)',
      ],
      [
        flowMod({ instructions: [{ instruction: "APPLY_ACTION", actions: [] }] }),
        'msg.instructions[0].instruction: "APPLY_ACTION" is not an Instruction (did you mean APPLY_ACTIONS?)',
      ],
      [flowMod({ command: "add" }), 'msg.command: "add" is not a FlowModCommand (did you mean ADD?)'],
      [flowMod({ command: "XYZZY" }), 'msg.command: "XYZZY" is not a FlowModCommand'],
      [
        flowMod({ out_port: "OFPP_LOCAL" }),
        'msg.out_port: "OFPP_LOCAL" is not a PortNumber (did you mean LOCAL?)',
      ],
      [
        flowMod({ flags: ["SEND_FLOW_RM"] }),
        'msg.flags[0]: "SEND_FLOW_RM" is not a FlowModFlags (did you mean SEND_FLOW_REM?)',
      ],
      [
        flowMod({ match: [{ field: "IN_PRT", value: 1 }] }),
        'msg.match[0].field: "IN_PRT" is not a Field (did you mean IN_PORT?)',
      ],
      [
        message("METER_MOD", { command: "ADD", flags: [], meter_id: 1, bands: [{ type: "DORP", rate: 1 }] }),
        'msg.bands[0].type: "DORP" is not a MeterBand (did you mean DROP?)',
      ],
      [
        message("ERROR", { type: "BAD_REQUST", code: 0, data: "" }),
        'msg.type: "BAD_REQUST" is not an ErrorType (did you mean BAD_REQUEST?)',
      ],
      [
        message("ERROR", { type: "BAD_REQUEST", code: "OFPBMC_BAD_LEN", data: "" }),
        'msg.code: "OFPBMC_BAD_LEN" is not an ErrorCode (did you mean OFPBRC_BAD_LEN?)',
      ],
      [
        JSON.stringify({ type: "PORT_STATS_REQUEST", version: 4, flags: ["MOR"], msg: { port_no: 1 } }),
        'flags[0]: "MOR" is not a MessageFlags (did you mean MORE?)',
      ],
      [
        apply([{ action: "NX_REG_LOAD", dst: "NX_REGX", value: 1 }]),
        'msg.instructions[0].actions[0].dst: "NX_REGX" is not a Field (did you mean NX_REG0?)',
      ],
    ]);
  });

  it("that a text is no address, no data, no number", () => {
    expectRefusals([
      [
        flowMod({ match: [{ field: "IPV4_SRC", value: "10.0.0" }] }),
        'msg.match[0].value: "10.0.0" is not an IPv4Address',
      ],
      [
        flowMod({ match: [{ field: "IPV4_SRC", value: "10.0.0.1", mask: "255.0" }] }),
        'msg.match[0].mask: "255.0" is not an IPv4Address',
      ],
      [
        flowMod({ match: [{ field: "ETH_SRC", value: "01:02" }] }),
        'msg.match[0].value: "01:02" is not a MacAddress',
      ],
      [
        flowMod({ match: [{ field: "IPV6_SRC", value: "::g" }] }),
        'msg.match[0].value: "::g" is not an IPv6Address',
      ],
      [message("ECHO_REQUEST", { data: "012" }), 'msg.data: "012" is not a HexData'],
      [message("ECHO_REQUEST", { data: "0x01" }), 'msg.data: "0x01" is not a HexData'],
      [
        message("ECHO_REQUEST", { data: `${"00".repeat(40)}0g` }),
        `msg.data: "${"00".repeat(29)}0… is not a HexData`,
      ],
      [flowMod({ priority: "x" }), 'msg.priority: "x" is not a UInt16'],
      [flowMod({ priority: true }), "msg.priority: true is not a UInt16"],
      [flowMod({ priority: [1] }), "msg.priority: [1] is not a UInt16"],
      [flowMod({ priority: 1.5 }), "msg.priority: 1.5 is not a UInt16"],
      [flowMod({ priority: -1 }), "msg.priority: -1 is not a UInt16"],
      [flowMod({ cookie: "0x1ffffffffffffffff" }), 'msg.cookie: "0x1ffffffffffffffff" is not a UInt64'],
      [
        message("FEATURES_REPLY", { datapath_id: "1:2", n_buffers: 0, n_tables: 0, capabilities: [] }),
        'msg.datapath_id: "1:2" is not a DatapathId',
      ],
      [
        apply([{ action: "EXPERIMENTER.0x1G" }]),
        'msg.instructions[0].actions[0].action: "EXPERIMENTER.0x1G" is not an Action (did you mean EXPERIMENTER?)',
      ],
    ]);
  });

  it("that a value does not fit its width, also below whole bytes", () => {
    expectRefusals([
      [flowMod({ priority: 65536 }), "msg.priority: 65536 is more than 65535, the largest UInt16"],
      [flowMod({ priority: "0x10000" }), 'msg.priority: "0x10000" is more than 65535, the largest UInt16'],
      [flowMod({ table_id: 256 }), "msg.table_id: 256 is more than 255, the largest TableNumber"],
      [
        flowMod({ out_port: 4294967296 }),
        "msg.out_port: 4294967296 is more than 4294967295, the largest PortNumber",
      ],
      [
        flowMod({ flags: ["CHECK_OVERLAP", 65536] }),
        "msg.flags[1]: 65536 is more than 65535, the largest FlowModFlags",
      ],
      [
        flowMod({
          match: [
            { field: "VLAN_VID", value: 4101 },
            { field: "VLAN_PCP", value: 8 },
          ],
        }),
        "msg.match[1].value: 8 is more than 7, the largest UInt3",
      ],
      [
        flowMod({
          match: [
            { field: "ETH_TYPE", value: 2048 },
            { field: "IP_DSCP", value: 64 },
          ],
        }),
        "msg.match[1].value: 64 is more than 63, the largest UInt6",
      ],
      [
        flowMod({
          match: [
            { field: "ETH_TYPE", value: 2048 },
            { field: "IP_ECN", value: 4 },
          ],
        }),
        "msg.match[1].value: 4 is more than 3, the largest UInt2",
      ],
      [
        flowMod({
          match: [
            { field: "ETH_TYPE", value: 34887 },
            { field: "MPLS_LABEL", value: 1048576 },
          ],
        }),
        "msg.match[1].value: 1048576 is more than 1048575, the largest UInt20",
      ],
      [
        flowMod({ match: [{ field: "PBB_ISID", value: 16777216 }] }),
        "msg.match[0].value: 16777216 is more than 16777215, the largest UInt24",
      ],
      [
        message("DESC_REPLY", {
          mfr_desc: "",
          hw_desc: "",
          sw_desc: "",
          serial_num: "ä".repeat(17),
          dp_desc: "",
        }),
        `msg.serial_num: "${"ä".repeat(17)}" is 34 bytes long, more than 32`,
      ],
      [
        apply([{ action: "NX_REG_MOVE", src: "NX_REG0[0:40]", dst: "NX_REG1[0:8]" }]),
        'msg.instructions[0].actions[0].src: "NX_REG0[0:40]" is beyond the 32 bits of NX_REG0',
      ],
      [
        apply([{ action: "NX_CHECK_PKT_LARGER", pkt_len: 1500, dst: "NX_REG0[0:2]" }]),
        "msg.instructions[0].actions[0].dst: 2 bits, not 1",
      ],
      [
        apply([{ action: "NX_LEARN2", table_id: 1, flags: ["WRITE_RESULT"], specs: [] }]),
        "msg.instructions[0].actions[0].result_dst: is missing",
      ],
      [
        apply([{ action: "NX_DELETE_FIELD", field: "NX_TUN_METADATA" }]),
        'msg.instructions[0].actions[0].field: "NX_TUN_METADATA" is not a Field (did you mean NX_TUN_METADATA0?)',
      ],
      [
        apply([{ action: "NX_CT", zone: 65536 }]),
        "msg.instructions[0].actions[0].zone: 65536 is more than 65535, the largest number",
      ],
      [
        apply([{ action: "NX_CT", zone: "NX_REG16[0:16]" }]),
        'msg.instructions[0].actions[0].zone: "NX_REG16[0:16]" has a header of 8 bytes, for which there is no room',
      ],
      [
        apply([{ action: "NX_CT", zone: "NX_XXREG0" }]),
        "msg.instructions[0].actions[0].zone: 128 bits, more than 64",
      ],
      [
        apply([{ action: "NX_CT", zone: "NX_REGX" }]),
        'msg.instructions[0].actions[0].zone: "NX_REGX" is not a Field (did you mean NX_REG0?)',
      ],
      [
        apply([{ action: "NX_BUNDLE", algorithm: "HRW", fields: "ETH_SRC", members: [1, 65536] }]),
        "msg.instructions[0].actions[0].members[1]: 65536 cannot be expressed in OpenFlow 1.3",
      ],
      [
        apply([{ action: "NX_REG_MOVE", src: "NX_REG0[0:16]", dst: "NX_REG1[0:8]" }]),
        "msg.instructions[0].actions[0].dst: 8 bits, the other side has 16",
      ],
    ]);
  });

  it("that an element told by its number has another size than all of that number", () => {
    expectRefusals([
      [
        apply([{ action: "0x0000", data: "00000001" }]),
        'msg.instructions[0].actions[0].data: "0x0000" has 16 bytes in this version, not 8',
      ],
      [
        flowMod({ instructions: [{ instruction: 2, data: "00000000" }] }),
        "msg.instructions[0].data: 2 has 24 bytes in this version, not 8",
      ],
      [
        JSON.stringify({
          type: "PACKET_OUT",
          version: 2,
          msg: { in_port: 1, actions: [{ action: "0x0003", data: "00000000" }], data: "" },
        }),
        'msg.actions[0].data: "0x0003" has 16 bytes in this version, not 8',
      ],
    ]);
    // Up to the padding that all have.
    expect(encodeJson(apply([{ action: "0x0000", data: "000000010064" }]))).toBe(
      encodeJson(apply([{ action: "OUTPUT", port_no: 1, max_len: 100 }])),
    );
  });

  it("that a key is missing", () => {
    expectRefusals([
      [message("FLOW_MOD", undefined), "msg: is missing"],
      [message("FLOW_MOD", { command: "ADD" }), "msg.table_id: is missing"],
      [apply([{ port_no: 1 }]), "msg.instructions[0].actions[0].action: is missing"],
      [apply([{ action: "OUTPUT" }]), "msg.instructions[0].actions[0].port_no: is missing"],
      [flowMod({ instructions: [{ actions: [] }] }), "msg.instructions[0].instruction: is missing"],
      [
        flowMod({ instructions: [{ instruction: "APPLY_ACTIONS" }] }, 1),
        "msg.instructions[0].actions: is missing",
      ],
      [
        flowMod({ instructions: [{ instruction: "APPLY_ACTIONS" }] }, 2),
        "msg.instructions[0].actions: is missing",
      ],
      [flowMod({ match: [{ field: "IN_PORT" }] }), "msg.match[0].value: is missing"],
      [flowMod({ match: [{ value: 1 }] }), "msg.match[0].field: is missing"],
      [message("PORT_DESC_REPLY", undefined), "msg: is missing"],
      [
        message("METER_MOD", { command: "ADD", flags: [], meter_id: 1, bands: [{ type: "DROP" }] }),
        "msg.bands[0].rate: is missing",
      ],
      ['{"version":4}', "type: is missing"],
      ['{"type":"BARRIER_REQUEST"}', "version: unspecified protocol version: 1 is OpenFlow 1.0, 6 is 1.5"],
      [message("_RAW_MESSAGE", undefined), "msg: is missing"],
      [message("_RAW_MESSAGE", { data: "" }), "msg.type: is missing"],
      [message("MULTIPART_REQUEST", { body: {} }), "msg.type: is missing"],
    ]);
    expect(refused(message("FLOW_MOD", {})).code).toBe("MISSING");
  });

  it("that a word which 1.0 and 1.1 do not ask for is missing, where other bytes would be taken for it", () => {
    const vendor = (members: object, version: number): string =>
      message("EXPERIMENTER_REPLY", { experimenter: 8992, ...members }, version);
    expect(encodeJson(vendor({ data: "010203" }, 1))).toBe("0111001300000000ffff000000002320010203");
    expectRefusals([
      [vendor({ data: "01020304" }, 1), "msg.exp_type: is missing"],
      [vendor({ data: "0102030405" }, 2), "msg.exp_type: is missing"],
      [vendor({ data: "010203" }, 3), "msg.exp_type: is missing"],
      [vendor({ exp_type: 1 }, 1), "msg.data: is missing"],
    ]);
  });

  it("that a list is wrong which this version does not look at", () => {
    const packetIn = (match: unknown): string =>
      message(
        "PACKET_IN",
        {
          buffer_id: 1,
          total_len: 0,
          in_port: 1,
          in_phy_port: 1,
          metadata: 0,
          reason: 0,
          table_id: 0,
          cookie: 0,
          data: "",
          match,
        },
        1,
      );
    const written = "010a001200000000 00000001 0000 0001 00 00".replaceAll(" ", "");
    expect(encodeJson(packetIn([]))).toBe(written);
    expect(encodeJson(packetIn([{ field: "IN_PORT", value: 1 }]))).toBe(written);
    expectRefusals([
      [packetIn([null]), "msg.match[0]: null is not an object"],
      [packetIn("x"), 'msg.match: "x" is not a list'],
      [packetIn([{ field: "IN_PORT", value: "x" }]), 'msg.match[0].value: "x" is not a PortNumber'],
    ]);
  });

  it("that a tag is null, as it says that one is missing", () => {
    const status = (property: object): string =>
      message(
        "ROLE_STATUS",
        {
          role: "ROLE_MASTER",
          reason: 0,
          generation_id: 1,
          properties: [{ experimenter: 1, exp_type: 2, data: "", ...property }],
        },
        5,
      );
    expect(encodeJson(status({}))).toContain("ffff000c0000000100000002");
    expectRefusals([[status({ property: null }), "msg.properties[0].property: null is not a RoleProperty"]]);
  });

  it("that a key is unknown, at each level", () => {
    expectRefusals([
      ['{"type":"BARRIER_REQUEST","version":4,"msgg":{}}', "msgg: is not a known key (did you mean msg?)"],
      [flowMod({ prioriti: 5 }), "msg.prioriti: is not a known key (did you mean priority?)"],
      [flowMod({ "a b": 5 }), 'msg["a b"]: is not a known key'],
      [
        apply([{ action: "OUTPUT", port_no: 1, max_length: 1 }]),
        "msg.instructions[0].actions[0].max_length: is not a known key (did you mean max_len?)",
      ],
      [
        flowMod({ instructions: [{ instruction: "CLEAR_ACTIONS", actions: [] }] }),
        "msg.instructions[0].actions: is not a known key",
      ],
      [
        flowMod({ match: [{ field: "IN_PORT", value: 1, msk: 1 }] }),
        "msg.match[0].msk: is not a known key (did you mean mask?)",
      ],
      [
        flowMod({ match: [{ field: "IN_PORT", value: 1, action: "OUTPUT" }] }),
        "msg.match[0].action: is not a known key (did you mean option?)",
      ],
      [
        message("GROUP_MOD", {
          command: "ADD",
          type: "FF",
          group_id: 1,
          buckets: [{ actions: [], weigth: 1 }],
        }),
        "msg.buckets[0].weigth: is not a known key (did you mean weight?)",
      ],
      [
        message("METER_MOD", {
          command: "ADD",
          flags: [],
          meter_id: 1,
          bands: [{ type: "DROP", rate: 1, prec_level: 1 }],
        }),
        "msg.bands[0].prec_level: is not a known key",
      ],
      [message("BARRIER_REQUEST", { x: 1 }), "msg.x: is not a known key"],
      [message("_RAW_MESSAGE", { type: 25, datt: "" }), "msg.datt: is not a known key (did you mean data?)"],
      [
        message("MULTIPART_REQUEST", { type: "DESC", boddy: {} }),
        "msg.boddy: is not a known key (did you mean body?)",
      ],
      [
        message(
          "BUNDLE_ADD_MESSAGE",
          { bundle_id: 1, flags: [], message: { type: "BARRIER_REQUEST", mgs: {} } },
          5,
        ),
        "msg.message.mgs: is not a known key (did you mean msg?)",
      ],
    ]);
    expect(refused(flowMod({ prioriti: 5 })).code).toBe("UNKNOWN");
  });

  it("that a key is unknown, rather than that the one is missing which is meant", () => {
    const out = (action: object): string => apply([action]);
    expectRefusals([
      [
        message("FLOW_MOD", { tabel_id: 0, command: "ADD" }),
        "msg.tabel_id: is not a known key (did you mean table_id?)",
      ],
      [message("FLOW_MOD", { tb: 0, command: "ADD" }), "msg.tb: is not a known key; table_id is missing"],
      [message("FLOW_MOD", { tb: 0 }), "msg.tb: is not a known key; table_id is missing"],
      [
        out({ action: "OUTPUT", port: 1 }),
        "msg.instructions[0].actions[0].port: is not a known key; port_no is missing",
      ],
      [out({ action: "OUTPUT", max_len: 1 }), "msg.instructions[0].actions[0].port_no: is missing"],
      [
        out({ port_no: 1, acton: "OUTPUT" }),
        "msg.instructions[0].actions[0].acton: is not a known key (did you mean action?)",
      ],
      [out({ port_no: 1 }), "msg.instructions[0].actions[0].action: is missing"],
      [
        apply([{ action: "SET_FIELD", value: "1.2.3.4", feld: "IPV4_SRC" }], 1),
        "msg.instructions[0].actions[0].feld: is not a known key (did you mean field?)",
      ],
      [
        out({ action: "0x77", date: "00000000" }),
        "msg.instructions[0].actions[0].date: is not a known key (did you mean data?)",
      ],
      [
        out({ action: "EXPERIMENTER", exp: 1 }),
        "msg.instructions[0].actions[0].exp: is not a known key; experimenter is missing",
      ],
      [
        flowMod({ match: [{ value: 1, feld: "IN_PORT" }] }),
        "msg.match[0].feld: is not a known key (did you mean field?)",
      ],
      [
        flowMod({ match: [{ field: "IN_PORT", val: 1 }] }),
        "msg.match[0].val: is not a known key; value is missing",
      ],
      [message("PORT_STATS_REPLY", [{ port: 1 }]), "msg[0].port: is not a known key; port_no is missing"],
      [
        message("BUNDLE_ADD_MESSAGE", { bundle_id: 1, flags: [], message: { tpe: "HELLO" } }, 5),
        "msg.message.tpe: is not a known key (did you mean type?)",
      ],
    ]);
  });

  it("that a key stands at the wrong side of msg", () => {
    const readFlow = (): never => {
      throw new Error("not read");
    };
    expectRefusals([
      [
        message("FLOW_MOD", { command: "ADD", xid: 5 }),
        "msg.xid: is not a known key here: it stands beside msg",
      ],
      [flowMod({ conn_id: 5 }), "msg.conn_id: is not a known key here: it stands beside msg"],
      [
        '{"type":"FLOW_MOD","version":4,"table_id":0}',
        "table_id: is not a known key (did you mean msg.table_id?)",
      ],
      [
        '{"type":"FLOW_MOD","version":4,"match":{},"msg":{"command":"ADD"}}',
        "match: is not a known key (did you mean msg.match?)",
      ],
      ['{"type":"FLOW_MOD","version":4,"foo":0,"msg":{}}', "foo: is not a known key"],
      ['{"type":"PORT_STATS_REPLY","version":4,"port_no":0}', "port_no: is not a known key"],
      ['{"type":"FLOW_MOD","table_id":0}', "table_id: is not a known key"],
      [flowMod({ flow: "ip" }), "msg.flow: is not a known key"],
    ]);
    expect(refused(flowMod({ flow: "ip" }), { readFlow }).message).toBe(
      "msg.flow: is not a known key here: it stands in the place of msg",
    );
  });

  it("that an object or a list was expected", () => {
    expectRefusals([
      ["[]", "[] is not an object"],
      ["null", "null is not an object"],
      ['"FLOW_MOD"', '"FLOW_MOD" is not an object'],
      [message("FLOW_MOD", []), "msg: [] is not an object"],
      [message("PORT_DESC_REPLY", {}), "msg: {} is not a list"],
      [flowMod({ instructions: {} }), "msg.instructions: {} is not a list"],
      [flowMod({ instructions: ["CLEAR_ACTIONS"] }), 'msg.instructions[0]: "CLEAR_ACTIONS" is not an object'],
      [flowMod({ flags: "SEND_FLOW_REM" }), 'msg.flags: "SEND_FLOW_REM" is not a list of FlowModFlags'],
      [message("HELLO", { versions: "4" }), 'msg.versions: "4" is not a list'],
    ]);
  });

  it("that a type is none, or none of this version", () => {
    const combination = "type: invalid combination of version and type:";
    expectRefusals([
      [message("GROP_MOD", {}), 'type: "GROP_MOD" is not a message type (did you mean GROUP_MOD?)'],
      [
        message("GROUP_MOD", {}, 1),
        `${combination} "GROUP_MOD" does not exist in OpenFlow 1.0, only in 1.1+`,
      ],
      [
        message("ROLE_REQUEST", {}, 2),
        `${combination} "ROLE_REQUEST" does not exist in OpenFlow 1.1, only in 1.2+`,
      ],
      [
        message("METER_STATS_REPLY", [], 3),
        `${combination} "METER_STATS_REPLY" does not exist in OpenFlow 1.2, only in 1.3+`,
      ],
      [
        message("REQUEST.PORT_STAT", {}),
        'type: "REQUEST.PORT_STAT" is not a message type (did you mean PORT_STATS_REQUEST?)',
      ],
      [message("REQUEST.ROLE", {}), `${combination} "REQUEST.ROLE" does not exist in OpenFlow 1.3`],
      [message("0x63", {}), `${combination} "0x63" does not exist in OpenFlow 1.3`],
      [message("toString", {}), 'type: "toString" is not a message type'],
      [JSON.stringify({ type: ["FLOW_MOD"], version: 4 }), 'type: ["FLOW_MOD"] is not a message type'],
      [
        message("MULTIPART_REQUEST", { type: "PORT_STATUS" }),
        'msg.type: "PORT_STATUS_REQUEST" is not a message type (did you mean PORT_STATS_REQUEST?)',
      ],
      [message("BARRIER_REQUEST", {}, 7), "version: 7 is not a wire version: 1 is OpenFlow 1.0, 6 is 1.5"],
      [JSON.stringify({ type: "BARRIER_REQUEST", version: "1.3" }), 'version: "1.3" is not a UInt8'],
    ]);
  });
});

describe("what a version cannot say is an error that names it:", () => {
  const cannot = (version: string): string => `cannot be expressed in OpenFlow ${version}`;

  it("fields of a match", () => {
    const one = (field: string, value: unknown, mask?: unknown, version = 1): string =>
      flowMod({ match: [{ field, value, ...(mask === undefined ? {} : { mask }) }] }, version);
    expectRefusals([
      [one("METADATA", 1), `msg.match[0].field: METADATA ${cannot("1.0")}`],
      [one("IPV6_SRC", "::1"), `msg.match[0].field: IPV6_SRC ${cannot("1.0")}`],
      [one("NX_REG0", 1), `msg.match[0].field: NX_REG0 ${cannot("1.0")}`],
      [
        one("ETH_SRC", "00:00:00:00:00:01", "ff:ff:ff:00:00:00"),
        `msg.match[0].mask: ETH_SRC with a mask ${cannot("1.0")}`,
      ],
      [
        one("IPV4_SRC", "10.0.0.1", "255.0.255.0"),
        `msg.match[0].mask: IPV4_SRC with a mask that is not a prefix ${cannot("1.0")}`,
      ],
      [
        one("ETH_SRC", "00:00:00:00:00:01/8"),
        'msg.match[0].value: "00:00:00:00:00:01/8" is not a MacAddress',
      ],
      [one("TUNNEL_ID", 1, undefined, 2), `msg.match[0].field: TUNNEL_ID ${cannot("1.1")}`],
    ]);
  });

  it("instructions", () => {
    expectRefusals([
      [
        flowMod({ instructions: [{ instruction: "GOTO_TABLE", table_id: 1 }] }, 1),
        `msg.instructions[0].instruction: GOTO_TABLE ${cannot("1.0, only in 1.1+")}`,
      ],
      [
        flowMod(
          {
            instructions: [
              { instruction: "APPLY_ACTIONS", actions: [] },
              { instruction: "APPLY_ACTIONS", actions: [] },
            ],
          },
          1,
        ),
        `msg.instructions[1]: a second APPLY_ACTIONS ${cannot("1.0")}`,
      ],
      [
        flowMod({ instructions: [{ instruction: "METER", meter_id: 1 }] }, 3),
        `msg.instructions[0].instruction: METER ${cannot("1.2, only in 1.3-1.4")}`,
      ],
      [
        flowMod({ instructions: [{ instruction: "METER", meter_id: 1 }] }, 6),
        `msg.instructions[0].instruction: METER ${cannot("1.5, only in 1.3-1.4")}`,
      ],
    ]);
  });

  it("instructions that are none, or numbers", () => {
    const one = (instruction: unknown): string => flowMod({ instructions: [{ instruction }] }, 1);
    expectRefusals([
      [one("GOTO_TABEL"), 'msg.instructions[0].instruction: "GOTO_TABEL" is not an Instruction'],
      [one(3), `msg.instructions[0].instruction: 3 ${cannot("1.0")}`],
      [one(undefined), "msg.instructions[0].instruction: is missing"],
    ]);
  });

  it("names of values", () => {
    expectRefusals([
      [
        flowMod({ flags: ["SEND_FLOW_REM", "RESET_COUNTS"] }, 1),
        `msg.flags[1]: RESET_COUNTS ${cannot("1.0, only in 1.1+")}`,
      ],
      [flowMod({ flags: ["EMERG"] }), `msg.flags[0]: EMERG ${cannot("1.3, only in 1.0")}`],
      [flowMod({ flags: ["RESET_COUNT"] }, 1), 'msg.flags[0]: "RESET_COUNT" is not a FlowModFlags'],
      [
        message("GROUP_MOD", { command: "INSERT_BUCKET", type: "ALL", group_id: 1 }),
        `msg.command: INSERT_BUCKET ${cannot("1.3, only in 1.5")}`,
      ],
      [
        message("ERROR", { type: "BAD_INSTRUCTION", code: 0, data: "" }, 1),
        `msg.type: BAD_INSTRUCTION ${cannot("1.0, only in 1.1+")}`,
      ],
      [
        message("ERROR", { type: "FLOW_MOD_FAILED", code: "OFPFMFC_BAD_TABLE_ID", data: "" }, 1),
        `msg.code: OFPFMFC_BAD_TABLE_ID ${cannot("1.0, only in 1.1+")}`,
      ],
      [
        message(
          "BUNDLE_ADD_MESSAGE",
          {
            bundle_id: 1,
            flags: [],
            message: {
              type: "FLOW_MOD",
              version: 1,
              msg: { table_id: 0, command: "ADD", flags: ["RESET_COUNTS"] },
            },
          },
          5,
        ),
        `msg.message.msg.flags[0]: RESET_COUNTS ${cannot("1.0, only in 1.1+")}`,
      ],
    ]);
    expect(refused(flowMod({ flags: ["EMERG"] })).code).toBe("UNSUPPORTED");
  });

  it("actions", () => {
    const at = "msg.instructions[0].actions[0]";
    expectRefusals([
      [
        apply([{ action: "PUSH_VLAN", ethertype: 33024 }], 1),
        `${at}.action: PUSH_VLAN ${cannot("1.0, only in 1.1+")}`,
      ],
      [
        apply([{ action: "SET_FIELD", field: "IPV6_SRC", value: "::1" }], 1),
        `${at}.field: SET_FIELD of "IPV6_SRC" ${cannot("1.0")}`,
      ],
      [apply([{ action: "OUTPUT", port_no: 70000 }], 1), `${at}.port_no: 70000 ${cannot("1.0")}`],
      [apply([{ action: "METER", meter_id: 1 }], 4), `${at}.action: METER ${cannot("1.3, only in 1.5")}`],
      [
        apply([{ action: "ENQUEUE", port_no: 1, queue_id: 1 }], 4),
        `${at}.action: ENQUEUE ${cannot("1.3, only in 1.0")}`,
      ],
    ]);
  });

  it("keys, unless their value says nothing or nothing is lost", () => {
    expectRefusals([
      [flowMod({ importance: 5 }), `msg.importance: 5 ${cannot("1.3")}`],
      [flowMod({ out_group: 7 }, 1), `msg.out_group: 7 ${cannot("1.0")}`],
      [flowMod({ command: "DELETE", cookie_mask: 255 }, 1), `msg.cookie_mask: 255 ${cannot("1.0")}`],
      [
        message(
          "FLOW_DESC_REQUEST",
          { table_id: 0, out_port: "ANY", out_group: "ANY", cookie: 5, cookie_mask: 255, match: [] },
          1,
        ),
        `msg.cookie_mask: 255 ${cannot("1.0")}`,
      ],
      [
        message("GROUP_MOD", { command: "ADD", type: "FF", group_id: 1, command_bucket_id: 5, buckets: [] }),
        `msg.command_bucket_id: 5 ${cannot("1.3")}`,
      ],
      [
        message("PACKET_OUT", { match: [{ field: "IN_PORT", value: 1 }] }),
        `msg.match: [{"field":"IN_PORT","value":1}] ${cannot("1.3")}`,
      ],
    ]);
    expect(encodeJson(flowMod({ importance: 0 }))).toBe(encodeJson(flowMod({})));
    const allOnes = flowMod({ out_group: "ANY", cookie_mask: 0 }, 1).replace(
      '"cookie_mask":0',
      '"cookie_mask":18446744073709551615',
    );
    expect(encodeJson(allOnes)).toBe(encodeJson(flowMod({}, 1)));
    expect(refused(allOnes.replace("551615", "551614")).message).toMatch(
      /cookie_mask: .*18446744073709551614.* cannot/,
    );
    expect(refused(flowMod({ importance: 5 })).code).toBe("UNSUPPORTED");
  });
});

describe("the fields that others need", () => {
  it("are written before them when they can have but one value", () => {
    const json = flowMod({ match: [{ field: "ICMPV4_CODE", value: 3 }] });
    expect(encodeJson(json).slice(2 * 48)).toBe(
      hex("0001 0014 80000a02 0800 80001401 01 80002801 03 00000000"),
    );
  });

  it("are moved before them", () => {
    const json = flowMod({
      match: [
        { field: "IP_PROTO", value: 17 },
        { field: "ETH_TYPE", value: 34525 },
      ],
    });
    expect(encodeJson(json).slice(2 * 48)).toBe(hex("0001 000f 80000a02 86dd 80001401 11 00"));
  });

  it("are demanded when they can have more", () => {
    const one = (field: string, value: unknown): string => flowMod({ match: [{ field, value }] });
    expectRefusals([
      [
        one("TCP_DST", 80),
        "msg.match[0]: Invalid match: Missing prerequisites: TCP_DST needs ETH_TYPE 0x0800 or 0x86dd, which the match does not have",
      ],
      [
        one("IPV6_ND_TARGET", "::1"),
        "msg.match[0]: Invalid match: Missing prerequisites: IPV6_ND_TARGET needs ICMPV6_TYPE 135 or 136, which the match does not have",
      ],
      [
        one("VLAN_PCP", 1),
        "msg.match[0]: Invalid match: Missing prerequisites: VLAN_PCP needs VLAN_VID with bit 0x1000 set, which the match does not have",
      ],
      [
        message("PACKET_IN", {
          ...{ buffer_id: 0, total_len: 0, in_port: 0, in_phy_port: 1, metadata: 0, reason: 0, table_id: 0 },
          ...{ cookie: 0, data: "" },
        }),
        "msg.in_phy_port: Invalid match: Missing prerequisites: IN_PHY_PORT needs IN_PORT, which the match does not have",
      ],
      [
        one("IN_PHY_PORT", 1),
        "msg.match[0]: Invalid match: Missing prerequisites: IN_PHY_PORT needs IN_PORT, which the match does not have",
      ],
    ]);
  });

  it("must not contradict", () => {
    expectRefusals([
      [
        flowMod({
          match: [
            { field: "ETH_TYPE", value: 2054 },
            { field: "IPV4_SRC", value: "10.0.0.1" },
          ],
        }),
        "msg.match[1]: Invalid match: Conflicting prerequisites: IPV4_SRC needs ETH_TYPE 0x0800, but match[0] has ETH_TYPE 0x0806",
      ],
      [
        flowMod({
          match: [
            { field: "IN_PORT", value: 1 },
            { field: "IN_PORT", value: 2 },
          ],
        }),
        "msg.match[1]: Invalid match: Conflicting prerequisites: IN_PORT is also in match[0], and not with the same value",
      ],
    ]);
  });

  it("are not looked at in unchecked matches, nor are widths below whole bytes", () => {
    const json = flowMod({
      match: [
        { field: "VLAN_PCP", value: 8 },
        { field: "METADATA", value: 5, mask: 3 },
      ],
    });
    expect(encodeJson(json, { unchecked: true }).slice(2 * 48)).toBe(
      hex("0001 001d 80000e01 08 80000510 0000000000000005 0000000000000003 000000"),
    );
  });

  it("are written once when they are given twice", () => {
    const twice = flowMod({
      match: [
        { field: "IN_PORT", value: 1 },
        { field: "IN_PORT", value: 1 },
      ],
    });
    expect(encodeJson(twice)).toBe(encodeJson(flowMod({ match: [{ field: "IN_PORT", value: 1 }] })));
  });
});

describe("lengths", () => {
  const echo = (bytes: number): string => message("ECHO_REQUEST", { data: "5a".repeat(bytes) });

  it("go up to 65,535 bytes", () => {
    const frame = encodeJson(echo(65527));
    expect(frame.length / 2).toBe(65535);
    expect(frame.slice(0, 16)).toBe("0402ffff00000000");
  });

  it("do not go beyond", () => {
    const error = refused(echo(65528));
    expect(error.message).toBe("msg: ECHO_REQUEST is 65536 bytes long, more than 65535");
    expect(error.code).toBe("TOO_LONG");
  });

  it("are those of parts, too", () => {
    const actions = new Array(4096).fill({ action: "OUTPUT", port_no: 1 });
    expect(refused(apply(actions)).message).toContain("msg.instructions[0]");
    expect(refused(apply(actions)).code).toBe("TOO_LONG");
  });
});

describe("nesting", () => {
  const clones = (depth: number): unknown[] =>
    depth === 0 ? [{ action: "NX_CT_CLEAR" }] : [{ action: "NX_CLONE", actions: clones(depth - 1) }];

  it("goes down 32 lists", () => {
    const json = message("PACKET_OUT", { actions: clones(31) });
    const text = decode(Buffer.from(encodeJson(json), "hex"));
    expect(text.match(/NX_CLONE/g)).toHaveLength(31);
  });

  it("is refused beyond", () => {
    const error = refused(message("PACKET_OUT", { actions: clones(32) }));
    // Places of more than 300 characters are cut in their middle.
    expect(error.message).toMatch(
      /^msg(\.actions\[0\]){17}\.actions\[0…s\[0\](\.actions\[0\]){8}\.actions: nested deeper than 32$/,
    );
    expect(error.code).toBe("TOO_DEEP");
  });

  it("goes on in hex beyond, and what is hex there comes out as hex", () => {
    const deep = (last: unknown): unknown[] =>
      JSON.parse(
        JSON.stringify(clones(31)).replace(
          '[{"action":"NX_CT_CLEAR"}]',
          `[{"action":"NX_CLONE","actions":${JSON.stringify(last)}}]`,
        ),
      ) as unknown[];
    const hex = [{ action: "0x0000", data: "000000010000000000000000" }];
    const bytes = encodeJson(message("PACKET_OUT", { actions: deep(hex) }));
    expect(decode(Buffer.from(bytes, "hex"))).toContain(
      '"actions":[{"action":"0x0000","data":"000000010000000000000000"}]',
    );
    expect(encodeJson(decode(Buffer.from(bytes, "hex")))).toBe(bytes);
    for (const last of [
      [...hex, { action: "GROUP", group_id: 1 }],
      [{ action: "0xffff", data: "", actions: [] }],
      [5],
      ["0x0000"],
    ])
      expect(refused(message("PACKET_OUT", { actions: deep(last) })).code).toBe("TOO_DEEP");
  });

  it("is refused without a stack overflow", () => {
    const times = 50_000;
    const around = (before: string, after: string): string => before.repeat(times) + after.repeat(times);
    const list = around('[{"action":"NX_CLONE","actions":', "}]").replace('"actions":}', '"actions":[]}');
    expect(refused(`{"type":"PACKET_OUT","version":4,"msg":{"actions":${list}}}`).code).toBe("TOO_DEEP");
    const bundle = around(
      '{"type":"BUNDLE_ADD_MESSAGE","version":5,"msg":{"bundle_id":1,"flags":[],"message":',
      "}}",
    );
    const error = refused(bundle.replace('"message":}', '"message":{"type":"BARRIER_REQUEST"}}'));
    expect(error.code).toBe("TOO_DEEP");
    expect(error.path).toBe(`msg.${"message.msg.".repeat(32)}message`);
    const forward = around('{"type":"REQUESTFORWARD","version":6,"msg":', "}").replace(
      '"msg":}',
      '"msg":{}}',
    );
    expect(refused(forward).code).toBe("TOO_DEEP");
    const named = around('{"type":"MULTIPART","body":', "}").replace('"body":}', '"body":{}}');
    expect(refused(`{"type":"MULTIPART_REQUEST","version":4,"msg":${named}}`).code).toBe("INVALID");
  });
});

describe("integers of 64 bits", () => {
  const cookie = (frame: string): string => frame.slice(16, 32);
  const flow = (digits: string): string =>
    `{"type":"FLOW_MOD","version":4,"msg":{"table_id":0,"command":"ADD","cookie":${digits}}}`;

  it("are exact in JSON", () => {
    expect(cookie(encodeJson(flow("18446744073709551615")))).toBe("ffffffffffffffff");
    expect(cookie(encodeJson(flow("9007199254740993")))).toBe("0020000000000001");
    expect(cookie(encodeJson(flow('"0xFEDCBA9876543210"')))).toBe("fedcba9876543210");
    expect(cookie(encodeJson(flow("1e3")))).toBe("00000000000003e8");
  });

  it("are exact in YAML", () => {
    const yaml = (value: string): string =>
      `type: FLOW_MOD\nversion: 4\nmsg:\n  table_id: 0\n  command: ADD\n  cookie: ${value}\n`;
    expect(cookie(encodeYaml(yaml("18446744073709551615")))).toBe("ffffffffffffffff");
    expect(cookie(encodeYaml(yaml("'0o17'")))).toBe("000000000000000f");
    expect(cookie(encodeYaml(yaml("0b11")))).toBe("0000000000000003");
  });

  it("are exact as bigint", () => {
    const value = {
      type: "FLOW_MOD",
      version: 4,
      msg: { table_id: 0, command: "ADD", cookie: 2n ** 64n - 1n },
    };
    expect(cookie(encodeValue(value))).toBe("ffffffffffffffff");
  });

  it("are exact in identities of datapaths", () => {
    const reply = (id: string): string =>
      `{"type":"FEATURES_REPLY","version":4,"msg":{"datapath_id":${id},"n_buffers":0,"n_tables":0,"capabilities":[]}}`;
    expect(encodeJson(reply("18446744073709551615")).slice(16, 32)).toBe("ffffffffffffffff");
    expect(encodeJson(reply("9007199254740993")).slice(16, 32)).toBe("0020000000000001");
    expect(encodeJson(reply('"00:00:00:00:00:00:00:2a"')).slice(16, 32)).toBe("000000000000002a");
  });

  it("are refused when they are too large, negative or no integers", () => {
    expectRefusals([
      [flow("18446744073709551616"), 'msg.cookie: "18446744073709551616" is not a UInt64'],
      [flow("-1"), "msg.cookie: -1 is not a UInt64"],
      [flow('"-9223372036854775808"'), 'msg.cookie: "-9223372036854775808" is not a UInt64'],
      [flow("1.5"), "msg.cookie: 1.5 is not a UInt64"],
      [flow("1e19"), "msg.cookie: 10000000000000000000 is not a UInt64"],
      [flow("1e300"), "msg.cookie: 1e+300 is not a UInt64"],
    ]);
  });
});

describe("forms of types", () => {
  it("has a raw one for any type", () => {
    expect(encodeJson(message("_RAW_MESSAGE", { type: 99, data: "0102" }))).toBe("0463000a000000000102");
    expect(encodeJson(message("_RAW_MESSAGE", { type: 0 }))).toBe("0400000800000000");
    expect(refused(message("_RAW_MESSAGE", { type: 256 })).message).toBe(
      "msg.type: 256 is more than 255, the largest UInt8",
    );
  });

  it("has numbers", () => {
    expect(encodeJson(JSON.stringify({ type: 20, version: 4 }))).toBe("0414000800000000");
    expect(encodeJson(JSON.stringify({ type: "0x14", version: 4 }))).toBe("0414000800000000");
  });

  it.each(["PORT_STATS_REQUEST", "REQUEST.PORT_STATS"])("has %s", (type) => {
    expect(encodeJson(message(type, { port_no: "ANY" }, 1))).toBe(
      hex("01 10 0014 00000000 0004 0000 ffff 000000000000"),
    );
  });

  it("has MULTIPART_REQUEST, whose errors say where it has what is wrong", () => {
    const wrong = (msg: object, text: string, type = "MULTIPART_REQUEST"): void =>
      expect(refused(message(type, msg)).message).toBe(text);
    wrong(
      { type: "FLOW_DESK" },
      'msg.type: "FLOW_DESK_REQUEST" is not a message type (did you mean FLOW_DESC_REQUEST?)',
    );
    wrong({ type: 1 }, "msg.type: 1 is not a MultipartType");
    wrong({ type: "REQUEST.MULTIPART", body: {} }, 'msg.type: "REQUEST.MULTIPART" is not a MultipartType');
    wrong({ type: "DESC", flags: ["LESS"] }, 'msg.flags[0]: "LESS" is not a MessageFlags');
    wrong({ type: "PORT_STATS", body: {} }, "msg.body.port_no: is missing");
    wrong({ type: "PORT_STATS" }, "msg.body.port_no: is missing");
    wrong(
      { type: "PORT_STATS", body: [{ port_no: 1 }] },
      "msg.body[0].rx_packets: is missing",
      "MULTIPART_REPLY",
    );
    expect(
      refused(`{"type":"MULTIPART_REQUEST","version":4,"flags":["LESS"],"msg":{"type":"DESC"}}`).message,
    ).toBe('flags[0]: "LESS" is not a MessageFlags');
  });

  it("has MULTIPART_REQUEST, which names its part inside", () => {
    const expected = hex("04 12 0018 00000000 0004 0001 00000000 ffffffff 00000000");
    const body = { port_no: "ANY" };
    for (const type of ["PORT_STATS", "PORT_STATS_REQUEST", "REQUEST.PORT_STATS"]) {
      expect(encodeJson(message("MULTIPART_REQUEST", { type, flags: ["MORE"], body }))).toBe(expected);
    }
    expect(encodeJson(message("MULTIPART_REPLY", { type: "PORT_STATS", body: [] }))).toBe(
      hex("04 13 0010 00000000 0004 0000 00000000"),
    );
    expect(encodeJson(message("MULTIPART_REQUEST", { type: "DESC" }))).toBe(
      hex("04 12 0010 00000000 0000 0000 00000000"),
    );
  });
});

describe("the keys around msg", () => {
  const barrier = { type: "BARRIER_REQUEST", version: 4 };

  it("may be all that decoding prints", () => {
    const printed = {
      ...barrier,
      time: "x",
      src: 1,
      dst: 2,
      conn_id: 3,
      datapath_id: "x",
      auxiliary_id: 9,
      _file: "y",
    };
    expect(encodeValue(printed)).toBe("0414000800000000");
  });

  it("default to those of the options", () => {
    expect(encodeValue(barrier, { xid: 7 })).toBe("0414000800000007");
    expect(encodeValue({ ...barrier, xid: 8 }, { xid: 7 })).toBe("0414000800000008");
    expect(encodeValue({ type: "BARRIER_REQUEST" }, { version: 1 })).toBe("0112000800000000");
    expect(encodeValue({ type: "BARRIER_REQUEST", version: 4 }, { version: 1 })).toBe("0414000800000000");
  });

  it("have an xid of 32 bits", () => {
    expect(encodeValue({ ...barrier, xid: "0xffffffff" })).toBe("04140008ffffffff");
    expect(refused(JSON.stringify({ ...barrier, xid: 4294967296 })).message).toBe(
      "xid: 4294967296 is more than 4294967295, the largest UInt32",
    );
  });

  it("may have the flags of the JSON-RPC interface, which are not sent", () => {
    const stats = { type: "DESC_REQUEST", version: 4, flags: ["NO_FLUSH", "MORE", "NO_ALERT"] };
    expect(encodeValue(stats)).toBe(hex("04 12 0010 00000000 0000 0001 00000000"));
    expect(encodeValue({ ...barrier, flags: ["NO_FLUSH"] })).toBe("0414000800000000");
  });
});

describe("HELLO", () => {
  it("has the highest of its versions in the header, else the highest that there is", () => {
    expect(encodeValue({ type: "HELLO" })).toBe("0600000800000000");
    expect(encodeValue({ type: "HELLO", msg: { versions: [1] } })).toBe("0100000800000000");
    expect(encodeValue({ type: "HELLO", msg: { versions: [1, 4] } })).toBe(
      hex("04 00 0010 00000000 0001 0008 00000012"),
    );
  });

  it("has the version that it gives", () => {
    expect(encodeValue({ type: "HELLO", version: 1, msg: { versions: [1, 4] } })).toBe(
      hex("01 00 0008 00000000"), // below 1.3 there are no elements
    );
    expect(encodeValue({ type: "HELLO" }, { version: 4 })).toBe("0400000800000000");
  });
});

describe("a message inside another", () => {
  const bundle = (inner: object): object => ({
    type: "BUNDLE_ADD_MESSAGE",
    version: 5,
    xid: 9,
    msg: { bundle_id: 1, flags: ["ATOMIC"], message: inner },
  });

  it("has version and xid of the outer one", () => {
    expect(encodeValue(bundle({ type: "BARRIER_REQUEST" }))).toBe(
      hex("05 22 0018 00000009  00000001 0000 0001  05 14 0008 00000009"),
    );
  });

  it("has its own when it says so", () => {
    expect(encodeValue(bundle({ type: "BARRIER_REQUEST", version: 4, xid: 1 }))).toBe(
      hex("05 22 0018 00000009  00000001 0000 0001  04 14 0008 00000001"),
    );
  });

  it("names its place in errors", () => {
    const inner = {
      type: "FLOW_MOD",
      msg: { table_id: 0, command: "ADD", match: [{ field: "X", value: 1 }] },
    };
    expect(refused(JSON.stringify(bundle(inner))).message).toBe(
      'msg.message.msg.match[0].field: "X" is not a Field',
    );
  });
});

describe("a message that is refused", () => {
  it("leaves the writer as it was", () => {
    const writer = new MessageWriter();
    encodeMessage({ type: "BARRIER_REQUEST", version: 4, xid: 1 }, writer, {});
    const bad = {
      type: "GROUP_MOD",
      version: 4,
      msg: { command: "ADD", type: "ALL", group_id: 1, buckets: [{ actions: [{}] }] },
    };
    expect(() => encodeMessage(bad, writer, {})).toThrow(EncodeError);
    encodeMessage({ type: "BARRIER_REQUEST", version: 4, xid: 2 }, writer, {});
    expect(writer.view().toString("hex")).toBe("0414000800000001" + "0414000800000002");
  });

  it("may be no JSON at all", () => {
    expect(() => encodeJson("{")).toThrow(TextError);
    expect(() => encodeJson("")).toThrow(TextError);
  });

  it("may have names that all objects have", () => {
    for (const key of ["__proto__", "constructor", "toString", "hasOwnProperty"]) {
      expect(refused(`{"type":"BARRIER_REQUEST","version":4,"msg":{${JSON.stringify(key)}:{}}}`).code).toBe(
        "UNKNOWN",
      );
      expect(refused(flowMod({ out_port: key })).code).toBe("INVALID");
      expect(refused(flowMod({ flags: [key] })).code).toBe("INVALID");
      expect(refused(flowMod({ match: [{ field: key, value: 1 }] })).code).toBe("INVALID");
    }
  });
});

describe("buckets", () => {
  const group = (buckets: readonly object[], version = 6): string =>
    encodeJson(message("GROUP_MOD", { command: "ADD", type: "SELECT", group_id: 1, buckets }, version));
  /** The ids of the buckets of a GROUP_MOD of 1.5 whose buckets have no actions. */
  const ids = (buckets: readonly object[]): number[] => {
    const bytes = Buffer.from(group(buckets.map((bucket) => ({ ...bucket, actions: [] }))), "hex");
    return buckets.map((_, i) => bytes.readUInt32BE(24 + 8 * i + 4));
  };

  it("are numbered from 0 where nobody says their ids, around those that are given", () => {
    expect(ids([{}, {}, {}])).toEqual([0, 1, 2]);
    expect(ids([{}, { bucket_id: 0 }, {}, { bucket_id: "0x2" }, {}])).toEqual([1, 0, 3, 2, 4]);
    expect(ids([{ bucket_id: "ALL" }, {}])).toEqual([0xffffffff, 0]);
    expect(ids([{ bucket_id: 7 }, { bucket_id: 7 }])).toEqual([7, 7]);
  });

  it("are written for 1.5 as they are for 1.3", () => {
    const buckets = [
      { weight: 1, actions: [{ action: "OUTPUT", port_no: 1 }] },
      { weight: 2, actions: [] },
    ];
    expect(group(buckets)).toBe(
      "060f004800000000" + // header
        "0000010000000001" + // ADD, SELECT, group_id
        "00300000ffffffff" + // bucket_array_len, command_bucket_id: ALL
        "0020001000000000" + // bucket: len, action_array_len, bucket_id
        "0000001000000001ffe5000000000000" + // OUTPUT
        "0000000800010000" + // WEIGHT
        "0010000000000001" + // bucket
        "0000000800020000", // WEIGHT
    );
  });

  it("lose their ids in versions that have none, where these mean nothing", () => {
    const actions: unknown[] = [];
    const bare = group([{ weight: 1, actions }], 4);
    expect(group([{ bucket_id: 5, weight: 1, actions }], 4)).toBe(bare);
    expect(
      refused(
        message(
          "GROUP_MOD",
          { command: "ADD", type: "ALL", group_id: 1, buckets: [{ bucket_id: "x", actions }] },
          4,
        ),
      ).message,
    ).toBe('msg.buckets[0].bucket_id: "x" is not a BucketNumber');
  });

  it("that are no objects are told", () => {
    expect(() => group([[], {}])).toThrow("msg.buckets[0]: [] is not an object");
    expect(() => group([{ actions: [] }, 5 as unknown as object])).toThrow(
      "msg.buckets[1]: 5 is not an object",
    );
  });
});
