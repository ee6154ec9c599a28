import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { EncodeError } from "../../src/base/index.js";
import { encodeMessage, MessageWriter } from "../../src/codec/encode.js";
import { FlowError, parseOvsFlow } from "../../src/ovs/index.js";

/** What a line says in OpenFlow 1.3, but for what is so where nothing is said. */
function said(line: string, version = 4): Record<string, unknown> {
  const { msg } = parseOvsFlow(line, { version });
  const usual: Record<string, unknown> = {
    cookie: 0,
    cookie_mask: 0,
    table_id: 0,
    command: "ADD",
    idle_timeout: 0,
    hard_timeout: 0,
    priority: 0x8000,
    buffer_id: "NO_BUFFER",
    out_port: "ANY",
    out_group: "ANY",
  };
  const isUsual = ([key, value]: [string, unknown]): boolean =>
    value === usual[key] || (Array.isArray(value) && value.length === 0);
  return Object.fromEntries(Object.entries(msg).filter((entry) => !isUsual(entry)));
}

function actions(text: string, version = 4, match = "ip"): unknown {
  const { instructions } = said(`${match},actions=${text}`, version) as {
    instructions: { instruction: string; actions: unknown }[];
  };
  expect(instructions.map(({ instruction }) => instruction)).toEqual(["APPLY_ACTIONS"]);
  return instructions[0]?.actions;
}

function wrong(line: string, version = 4): string {
  try {
    parseOvsFlow(line, { version });
  } catch (error) {
    if (error instanceof FlowError) return error.message;
    throw error;
  }
  return "no error";
}

describe("a match", () => {
  it("has words for protocols, and fields that are called as they are in their protocol", () => {
    const udp = [
      { field: "ETH_TYPE", value: 0x86dd },
      { field: "IPV6_DST", value: "2001:db8::", mask: "ffff:ffff::" },
      { field: "IP_PROTO", value: 17 },
      { field: "UDP_SRC", value: 53 },
    ];
    expect(said("udp6,tp_src=53,ipv6_dst=2001:db8::/32,actions=drop").match).toEqual(udp);
    expect(said("arp,nw_src=10.0.0.1,nw_proto=2,actions=drop").match).toEqual([
      { field: "ETH_TYPE", value: 0x0806 },
      { field: "ARP_OP", value: 2 },
      { field: "ARP_SPA", value: "10.0.0.1" },
    ]);
  });

  it("has the parts of a VLAN tag together", () => {
    const match = [
      { field: "VLAN_VID", value: 0x1005 },
      { field: "VLAN_PCP", value: 7 },
    ];
    expect(said("dl_vlan=5,dl_vlan_pcp=7,actions=drop").match).toEqual(match);
    expect(said("vlan_tci=0xf005,actions=drop").match).toEqual(match);
    expect(said("dl_vlan=0xffff,actions=drop").match).toEqual([{ field: "VLAN_VID", value: 0 }]);
    expect(said("vlan_tci=0x1000/0x1000,actions=drop").match).toEqual([
      { field: "VLAN_VID", value: 0x1000, mask: 0x1000 },
    ]);
  });

  it("has registers as wide as the version has them", () => {
    const wide = "xxreg0=0x1,actions=drop";
    expect(said(wide).match).toEqual([
      { field: "NX_REG0", value: 0 },
      { field: "NX_REG1", value: 0 },
      { field: "NX_REG2", value: 0 },
      { field: "NX_REG3", value: 1 },
    ]);
    expect(said(wide, 6).match).toEqual([
      { field: "PKT_REG0", value: 0 },
      { field: "PKT_REG1", value: 1 },
    ]);
    expect(said("reg1[0..7]=0x12,reg1[8]=1,actions=drop").match).toEqual([
      { field: "NX_REG1", value: 0x112, mask: 0x1ff },
    ]);
  });

  it("has flags by their signs", () => {
    expect(said("ct_state=+trk-inv,tcp,tcp_flags=+syn-ack,actions=drop").match).toEqual([
      { field: "ETH_TYPE", value: 0x0800 },
      { field: "IP_PROTO", value: 6 },
      { field: "ONF_TCP_FLAGS", value: 2, mask: 0x12 },
      { field: "NX_CT_STATE", value: 0x20, mask: 0x30 },
    ]);
    expect(said("tcp,tcp_flags=syn|ack,actions=drop", 6).match).toContainEqual({
      field: "TCP_FLAGS",
      value: 0x12,
    });
    expect(said("ip,nw_frag=not_later,actions=drop").match).toContainEqual({
      field: "NX_IP_FRAG",
      value: 0,
      mask: 2,
    });
  });

  it("keeps 64 bits", () => {
    expect(said("metadata=0xffffffffffffffff,tun_id=0x8000000000000001/0xf,actions=drop").match).toEqual([
      { field: "TUNNEL_ID", value: 1, mask: 15 },
      { field: "METADATA", value: "18446744073709551615" },
    ]);
  });

  it("takes reserved ports by name in any case and by their numbers of 1.0", () => {
    for (const port of ["LOCAL", "local", "65534", "4294967294"])
      expect(said(`in_port=${port},actions=drop`).match).toEqual([{ field: "IN_PORT", value: "LOCAL" }]);
  });

  it("takes what it has no words for as JSON", () => {
    const field = { field: "PBB_ISID", value: 5 };
    expect(said(`json(${JSON.stringify(field)}),actions=drop`).match).toEqual([field]);
  });
});

describe("keys", () => {
  it("say what is beside the match", () => {
    const line =
      "table=3,cookie=0x1122334455667788,priority=5,idle_timeout=1,hard_timeout=2,importance=3,send_flow_rem,check_overlap,actions=drop";
    expect(said(line)).toEqual({
      cookie: "1234605616436508552",
      table_id: 3,
      idle_timeout: 1,
      hard_timeout: 2,
      priority: 5,
      flags: ["SEND_FLOW_REM", "CHECK_OVERLAP"],
      importance: 3,
    });
  });

  it("follow a command", () => {
    expect(said("delete cookie=5/-1,out_port=3,out_group=4")).toEqual({
      cookie: 5,
      cookie_mask: "18446744073709551615",
      table_id: "ALL",
      command: "DELETE",
      out_port: 3,
      out_group: 4,
    });
    expect(said("modify_strict table=1,actions=drop")).toEqual({ table_id: 1, command: "MODIFY_STRICT" });
  });

  it("may be those of ovs-ofctl dump-flows", () => {
    const line =
      " cookie=0x0, duration=1.5s, table=1, n_packets=2, n_bytes=3, idle_age=4, priority=5,ip actions=drop";
    expect(said(line)).toEqual({ table_id: 1, priority: 5, match: [{ field: "ETH_TYPE", value: 0x0800 }] });
  });
});

describe("actions", () => {
  it("become what the version has", () => {
    expect(actions("set_field:0x12/0xff->reg1")).toEqual([
      { action: "NX_REG_LOAD", dst: "NX_REG1[0:8]", value: 0x12 },
    ]);
    expect(actions("set_field:0x12/0xff->reg1", 6)).toEqual([
      { action: "SET_FIELD", field: "NX_REG1", value: 0x12, mask: 0xff },
    ]);
    expect(actions("mod_vlan_vid:5")).toEqual([
      { action: "PUSH_VLAN", ethertype: 0x8100 },
      { action: "SET_FIELD", field: "VLAN_VID", value: 0x1005 },
    ]);
    expect(actions("mod_vlan_vid:5", 4, "dl_vlan=1")).toEqual([
      { action: "SET_FIELD", field: "VLAN_VID", value: 0x1005 },
    ]);
    expect(actions("mod_vlan_vid:5", 1)).toEqual([{ action: "SET_FIELD", field: "VLAN_VID", value: 5 }]);
    expect(actions("mod_tp_dst:80", 4, "udp")).toEqual([
      { action: "SET_FIELD", field: "UDP_DST", value: 80 },
    ]);
  });

  it("load long values in runs of at most 64 bits", () => {
    expect(actions("set_field:0xf00000000000000f0/0xff0000000000000ff->xxreg0")).toEqual([
      { action: "NX_REG_LOAD", dst: "NX_XXREG0[0:8]", value: 0xf0 },
      { action: "NX_REG_LOAD", dst: "NX_XXREG0[60:68]", value: 0xf0 },
    ]);
    expect(actions("set_field:1->xxreg0", 1)).toEqual([
      { action: "NX_REG_LOAD", dst: "NX_XXREG0[0:64]", value: 1 },
      { action: "NX_REG_LOAD", dst: "NX_XXREG0[64:128]", value: 0 },
    ]);
  });

  it("go to ports of other switches, too", () => {
    expect(actions("output:4000000000")).toEqual([{ action: "OUTPUT", port_no: 4000000000, max_len: 0 }]);
  });

  it("nest", () => {
    const text =
      "ct(commit,zone=reg0[0..15],nat(dst=[fd00::1]-[fd00::5]:80-90,random),exec(load:1->ct_mark[])),clone(2)";
    expect(actions(text)).toEqual([
      {
        action: "NX_CT",
        flags: ["COMMIT"],
        zone: "NX_REG0[0:16]",
        actions: [
          {
            action: "NX_NAT",
            flags: ["DST", "PROTO_RANDOM"],
            ipv6_min: "fd00::1",
            ipv6_max: "fd00::5",
            proto_min: 80,
            proto_max: 90,
          },
          { action: "NX_REG_LOAD", dst: "NX_CT_MARK[0:32]", value: 1 },
        ],
      },
      { action: "NX_CLONE", actions: [{ action: "OUTPUT", port_no: 2, max_len: 0 }] },
    ]);
  });

  it("learn flows", () => {
    const text =
      "learn(table=2,eth_type=0x800,eth_src=02:00:00:00:00:01,vlan_tci[0..11],load:5->reg0[0..3],output:in_port[])";
    expect(actions(text)).toEqual([
      {
        action: "NX_LEARN",
        table_id: 2,
        flags: [],
        specs: [
          { learn: "MATCH", value: "0800", dst: "NX_ETH_TYPE[0:16]" },
          { learn: "MATCH", value: "020000000001", dst: "NX_ETH_SRC[0:48]" },
          { learn: "MATCH", src: "NX_VLAN_TCI[0:12]", dst: "NX_VLAN_TCI[0:12]" },
          { learn: "LOAD", value: "0005", dst: "NX_REG0[0:4]" },
          { learn: "OUTPUT", src: "NX_IN_PORT[0:16]" },
        ],
      },
    ]);
  });

  it("are sorted into instructions", () => {
    const { instructions } = said(
      "ip,actions=meter:1,2,write_actions(group:3),write_metadata:5/0xf,goto_table:4",
    );
    expect(instructions).toEqual([
      { instruction: "METER", meter_id: 1 },
      { instruction: "APPLY_ACTIONS", actions: [{ action: "OUTPUT", port_no: 2, max_len: 0 }] },
      { instruction: "WRITE_ACTIONS", actions: [{ action: "GROUP", group_id: 3 }] },
      { instruction: "WRITE_METADATA", metadata: 5, mask: 15 },
      { instruction: "GOTO_TABLE", table_id: 4 },
    ]);
  });
});

describe("OpenFlow 1.0", () => {
  it("has Nicira's message where its own cannot say a match", () => {
    const type = (line: string): string => parseOvsFlow(line, { version: 1 }).type;
    expect(type("ip,nw_dst=10.0.0.0/8,actions=2")).toBe("FLOW_MOD");
    expect(type("ip,nw_dst=10.0.0.1/255.0.0.255,actions=2")).toBe("NXT_FLOW_MOD");
    expect(type("reg0=1,actions=2")).toBe("NXT_FLOW_MOD");
    expect(type("tcp6,tp_dst=80,actions=2")).toBe("NXT_FLOW_MOD");
    expect(type("delete cookie=1/-1")).toBe("NXT_FLOW_MOD");
  });

  it("does without what it lacks only with an error", () => {
    expect(wrong("ip,actions=write_actions(output:2)", 1)).toBe(
      "column 12: OpenFlow 1.0 has no write_actions",
    );
    expect(wrong("ip,actions=push_vlan:0x8100", 1)).toBe("column 12: OpenFlow 1.0 has no push_vlan");
    expect(wrong("importance=3,actions=drop", 1)).toBe("column 1: OpenFlow 1.0 has no importance");
  });
});

describe("errors", () => {
  it.each([
    ["ip,nw_dsst=10.0.0.1,actions=drop", 'column 4: unknown field "nw_dsst" (did you mean nw_dst?)'],
    ["ip,nw_dst=10.0.1,actions=drop", 'column 11: ip_dst: "10.0.1" is not an IPv4 address'],
    ["ip,nw_dst=10.0.0.0/33,actions=drop", "column 20: ip_dst: a prefix has at most 32 bits"],
    ["tcp,udp,actions=drop", "column 5: udp: the flow already asks for something else there"],
    ["priority=65536,actions=drop", "column 10: priority: 65536 is not in 0 to 65535"],
    ["priority=1,priority=2,actions=drop", "column 12: priority is there twice"],
    ["ip", "column 3: no actions: a flow that drops packets has actions=drop"],
    ["delete ip,actions=drop", "column 19: delete takes no actions"],
    ["delete cookie=5", "column 8: delete compares cookies under a mask: cookie=5/-1"],
    [`ip,actions=${"x".repeat(999)}`, `column 12: unknown action "${"x".repeat(284)}…`],
    ["ip,actions=outptu:2", 'column 12: unknown action "outptu" (did you mean output?)'],
    ["ip,actions=output:contoller", 'column 19: unknown field "contoller"'],
    ["ip,actions=ct(nat(src=1.2.3.4)", 'column 14: "(" without ")"'],
    ["ip,actions=ct(commit,nat(src=1.2.3))", 'column 30: ip_src: "1.2.3" is not an IPv4 address'],
    ["ip,actions=load:256->reg0[0..7]", "column 17: reg0 of 8 bits: 256 is not in 0 to 255"],
    ["ip,actions=load:1->reg0[31..32]", "column 20: reg0[31..32]: reg0 has 32 bits"],
    ["ip,actions=move:reg0[]->reg1[0..7]", "column 25: 32 bits are copied to 8 bits"],
    ["ip,actions=drop,2", "column 12: drop stands alone: it is no action, but the lack of any"],
    ["ip,actions=goto_table:1,2", "column 25: actions after goto_table: a switch does them before it"],
    ["ip,actions=clone(goto_table:1)", "column 18: goto_table is an instruction: it cannot stand here"],
    ["ip,actions=conjunction(1,3/2)", "column 26: clause 3 is not in 1 to 2"],
    ["ct_state=+trk+esta,actions=drop", 'column 10: ct_state: unknown flag "esta" (did you mean est?)'],
    ["ip,actions=json([1])", "column 17: json: found [1], expected an object"],
  ])("say what is wrong in %s", (line, message) => {
    expect(wrong(line)).toBe(message);
  });

  it("limit how deep actions nest", () => {
    const nested = (depth: number): string => `ip,actions=${"clone(".repeat(depth)}2${")".repeat(depth)}`;
    expect(wrong(nested(32))).toBe("no error");
    expect(wrong(nested(33))).toBe("column 210: actions nested more than 32 deep");
  });
});

describe("any text", () => {
  const word = fc.constantFrom(
    ..."ip tcp reg0 nw_src ct learn clone nat exec load move output actions = : ( ) [ ] , / -> .. | + - 0 5 0xffff 10.0.0.0 :: json { } members: set_field *".split(
      " ",
    ),
  );
  const line = fc.array(word, { maxLength: 30 }).map((words) => words.join(""));

  it("is a flow or throws a FlowError, and what is read can be encoded or says why not", () => {
    const w = new MessageWriter();
    const text = fc.oneof(
      fc.string(),
      line,
      line.map((one) => `ip,actions=${one}`),
    );
    fc.assert(
      fc.property(text, fc.integer({ min: 1, max: 6 }), (one, version) => {
        try {
          encodeMessage(parseOvsFlow(one, { version }), w, {});
        } catch (error) {
          if (!(error instanceof FlowError || error instanceof EncodeError)) throw error;
        }
        w.reset();
      }),
      { numRuns: 3000 },
    );
  });

  it("of a megabyte is read at once", () => {
    const started = performance.now();
    for (const part of ["(", "a(", ",", "reg0[", "ct(nat(src=1:", "-", "1.", "learn(load:"])
      wrong(`ip,actions=${part.repeat(Math.floor((1 << 20) / part.length) - 20)}`);
    expect(performance.now() - started).toBeLessThan(5000);
  });
});
