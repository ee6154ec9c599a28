import { describe, expect, it, vi } from "vitest";
import { run } from "../../src/cli/help.js";
import { comments, table, wrap } from "../../src/cli/help-text.js";
import { loadCatalog } from "../../src/codec/catalog.js";
import { encodeMessage, MessageWriter } from "../../src/codec/encode.js";
import { loadRpcCatalog } from "../../src/rpc/catalog.js";
import { METHODS, SEND } from "../../src/rpc/methods/index.js";
import { parseYaml } from "../../src/text/index.js";
import { newAjv } from "../ajv.js";
import { type Ran, ranWith } from "./catch-output.js";

vi.mock("node:fs", async (original) => {
  const { catchingFs } = await import("./catch-output.js");
  return catchingFs(await original<typeof import("node:fs")>());
});

/** Whether stdout is taken for a terminal. */
const terminal = vi.hoisted(() => ({ is: false }));
vi.mock("../../src/cli/color.js", async (original) => ({
  ...(await original<typeof import("../../src/cli/color.js")>()),
  mayBeTerminal: () => terminal.is,
}));

/** Runs `oftr help`, which prints UTF-8. */
async function help(...argv: string[]): Promise<Ran> {
  const ran = await ranWith(run, argv);
  return { ...ran, stdout: Buffer.from(ran.stdout, "latin1").toString() };
}

/** First lines of the pages: what was found. */
const titles = ({ stdout }: Ran): string[] =>
  stdout
    .split("\n")
    .flatMap((line) => /^(\S+): an? |^(\S+): one |^(\S+): names /.exec(line)?.slice(1).find(Boolean) ?? []);

describe("packets", () => {
  it.each(["packet", "_pkt", "Packet", "_pkt_payload"])("have a page, which %s leads to", async (name) => {
    const { code, stdout } = await help(name);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^Packet: /);
    expect(stdout).toMatch(/\nARP:\n {2}ARP_OP, ARP_SPA, ARP_TPA, ARP_SHA, ARP_THA\n/);
    expect(stdout).toMatch(/\nProtocols of _pkt_payload:\n {2}.*\bIGMP\b/);
  });

  it("have an example that encodes", async () => {
    const { stdout } = await help("packet");
    const example = /\nExample:\n((?: {2}.*\n)+)/.exec(stdout)?.[1]?.replace(/^ {2}/gm, "") ?? "";
    const writer = new MessageWriter();
    encodeMessage(parseYaml(example).value, writer, {});
    expect(writer.view().toString("hex")).toContain("080600010800060400020200000000020a000002");
  });

  it("have fields of their own, which say whose they are", async () => {
    expect((await help("udp_length")).stdout).toBe(
      "UDP_LENGTH is a field of packets: UDP (oftr help packet)\n",
    );
    expect((await help("IPV4_SRC")).stdout).toMatch(/^IPV4_SRC: one kind of Field/);
  });

  it("show in messages where they may stand for data", async () => {
    const { stdout } = await help("PACKET_IN");
    expect(stdout).toMatch(/\n {2}data: HexData +# Required where no packet is given\./);
    expect(stdout).toMatch(/\n {2}_pkt: Packet /);
  });
});

describe("a page", () => {
  it("shows a message: versions, keys with what they mean, types, and an example", async () => {
    const { code, stdout, stderr } = await help("PORT_MOD");
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    expect(stdout).toContain(`PORT_MOD: a message, OpenFlow 1.0-1.5
Changes the configuration of a port.

  type           15 (1.0), 16 (1.1+)
  bytes          32 (1.0), 40 (1.1-1.3), 32 or more (1.4+)
  specification  OpenFlow 1.0 §5.3.3, 1.3 §7.3.4.3, 1.4 §7.3.4.4, 1.5 §7.3.4.4

type: PORT_MOD
xid: UInt32                       # Default 0.
version: UInt8                    # 1 to 6.
msg:
  port_no: PortNumber             # Required. Port to change.
  hw_addr: MacAddress             # Required. Must be the address of the port; guards against a
                                  # wrong number.
`);
    expect(stdout).toMatch(
      /^ {2}advertise: \[PortFeaturesFlags\] +# Required in 1\.0-1\.3, otherwise \[\]\./m,
    );
    expect(stdout).toMatch(/^ {2}PortNumber +number \| IN_PORT \| TABLE \|/m);
    expect(stdout).toContain(`Example:
  ---
  type:            PORT_MOD
  xid:             1
  version:         4
  msg:
    port_no:         1
    hw_addr:         '0a:00:00:00:00:01'
    config:          [ PORT_DOWN ]
    mask:            [ PORT_DOWN ]
    advertise:       []
  ...
`);
  });

  it("shows an action, and how older versions have it", async () => {
    expect((await help("POP_VLAN")).stdout).toBe(`Action.POP_VLAN: one kind of Action, OpenFlow 1.0-1.5
Remove the outermost VLAN tag.

  type               18
  bytes              8
  in older versions  STRIP_VLAN (1.0)
  specification      OpenFlow 1.3 §7.2.5

action: POP_VLAN

Example:
  action:          POP_VLAN
`);
  });

  it("shows a match field, what it needs, and a match that has that", async () => {
    expect((await help("tcp_dst")).stdout).toBe(`TCP_DST: one kind of Field, OpenFlow 1.0-1.5
TCP destination port.

  id                  0x8000.14
  bytes               2
  mask                no
  needs in the match  ETH_TYPE=0x0800|0x86dd, IP_PROTO=6

field: TCP_DST
value: UInt16

Types:
  UInt16  Unsigned integer, 0 to 65535.

Example of a match:
  - field:           ETH_TYPE
    value:           2048
  - field:           IP_PROTO
    value:           6
  - field:           TCP_DST
    value:           80
`);
  });

  it("says which versions can match a field", async () => {
    expect((await help("ARP_SPA")).stdout).toMatch(/^ARP_SPA: one kind of Field, OpenFlow 1\.0-1\.5\n/);
    expect((await help("METADATA")).stdout).toMatch(/^METADATA: one kind of Field, OpenFlow 1\.1\+\n/);
    expect((await help("IPV6_SRC")).stdout).toMatch(/^IPV6_SRC: one kind of Field, OpenFlow 1\.2\+\n/);
    expect((await help("PACKET_TYPE")).stdout).toMatch(/^PACKET_TYPE: one kind of Field, OpenFlow 1\.5\n/);
  });

  it("shows the names of values with their numbers and versions", async () => {
    const { stdout } = await help("FlowModFlags");
    expect((await help("FLOW_MOD")).stdout).toMatch(/^ {31}# Only in 1\.1\+; others take ANY alone\.$/m);
    expect(stdout).toMatch(/^FlowModFlags: names in a list/);
    expect(stdout).toMatch(/^ {2}EMERG +0x4 +only 1\.0\. For the emergency table/m);
    expect(stdout).toMatch(/^ {2}SEND_FLOW_REM +0x1 +Send FLOW_REMOVED when the entry goes\.$/m);
  });

  it("is short with --brief", async () => {
    expect(
      (await help("--brief", "GROUP_STATS_REQUEST")).stdout,
    ).toBe(`GROUP_STATS_REQUEST: a multipart request, OpenFlow 1.1+
type: GROUP_STATS_REQUEST
xid: UInt32              # Default 0.
version: UInt8           # 2 to 6.
flags: [MessageFlags]    # Default [].
msg:
  group_id: GroupNumber  # Required. ALL is every group.
`);
  });

  it("breaks lines of words before column 100", async () => {
    const { stdout } = await help("-schema-all");
    const long = stdout.split("\n").filter((line) => line.length > 100 && /\S +#? *\S+ \S/.test(line));
    expect(long).toEqual([]);
  });
});

describe("examples", () => {
  it("encode as they are printed", async () => {
    const { entries } = await loadCatalog();
    const names = entries.filter((e) => e.kind === "message").map((e) => e.name);
    const { stdout } = await help(...names);
    const documents = stdout
      .split("\nExample:\n")
      .filter((text) => text.startsWith("  ---\n"))
      .map((text) => text.slice(0, text.indexOf("\n  ...\n")));
    const types = documents.map((document) => /^ {2}type: +(\S+)$/m.exec(document)?.[1]);
    expect(new Set(types)).toEqual(new Set(names));
    for (const document of documents) {
      const w = new MessageWriter();
      encodeMessage(parseYaml(document.replaceAll(/^ {2}/gm, "")).value, w, {});
      expect(w.p, document).toBeGreaterThanOrEqual(8);
    }
  });
});

describe("names", () => {
  it.each([
    ["flow_mod", ["FLOW_MOD"]],
    ["FlowMod", ["FLOW_MOD"]],
    ["flow-mod", ["FLOW_MOD"]],
    ["port stats", ["PORT_STATS_REQUEST", "PORT_STATS_REPLY", "PortStats"]],
    ["in_port", ["IN_PORT"]],
    ["nx_reg0", ["NX_REG0"]],
    ["output", ["Action.OUTPUT"]],
    ["PORT_STATS", ["PORT_STATS_REQUEST", "PORT_STATS_REPLY", "PortStats"]],
    ["echo", ["ECHO_REQUEST", "ECHO_REPLY"]],
    ["Request.PortStats", ["PORT_STATS_REQUEST"]],
    ["REPLY.DESC", ["DESC_REPLY"]],
    ["Reply.Aggregate", ["AGGREGATE_STATS_REPLY"]],
    ["Message/PacketIn", ["PACKET_IN"]],
    ["METER", ["Action.METER", "Instruction.METER"]],
    ["STRIP_VLAN", ["Action.POP_VLAN"]],
    ["PortProperty.ETHERNET", ["PortProperty.ETHERNET"]],
    ["TUN_ID", ["TUNNEL_ID"]],
    ["PortStatusReason", ["PortReason"]],
    ["RoleStatusReason", ["RoleReason"]],
    ["TableStatusReason", ["TableReason"]],
    ["BundleCtrlType", ["BundleControlType"]],
    ["ActionTypeFlags", ["ActionFlags"]],
    ["ConfigFlags", ["SwitchConfigFlags"]],
    ["OpticalPortFeaturesFlags", ["OpticalFlags"]],
    ["MeterConfigFlags", ["MeterFlags"]],
    ["PacketInFlags", ["PacketInReasonFlags"]],
    ["DatapathID", ["DatapathId"]],
    ["RegisterBits", ["SubField"]],
    ["Message", ["Message"]],
  ])("finds %s", async (name, expected) => {
    const ran = await help(name);
    expect(titles(ran)).toEqual(expected);
    expect(ran.code).toBe(0);
  });

  it("has a page for every name of the C++ program's lists of types", async () => {
    const old =
      "FlowModCommand PacketInReason PortStatusReason FlowRemovedReason TableStatusReason ControllerRole MeterModCommand ErrorType " +
      "ErrorCode GroupModCommand GroupType FlowMonitorCommand RoleStatusReason BundleCtrlType FlowModFlags ActionTypeFlags " +
      "CapabilitiesFlags ConfigFlags PortFeaturesFlags OpticalPortFeaturesFlags PortConfigFlags PortStateFlags MultipartFlags " +
      "MeterConfigFlags PacketInFlags PortStatusFlags FlowRemovedFlags RoleStatusFlags TableStatusFlags TableConfigFlags " +
      "RequestForwardFlags FlowMonitorFlags BundleFlags MeterBandFlags GroupCapabilityFlags GroupTypeFlags MeterFlags " +
      "PortNumber QueueNumber GroupNumber BufferNumber TableNumber MeterNumber ControllerMaxLen UInt24 SInt32 Str16 HexData " +
      "DatapathID MacAddress IPv4Address IPv6Address ActionID FieldID InstructionID RegisterBits DurationSec VlanNumber";
    const { code, stderr } = await help("--brief", ...old.split(" "));
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
  });

  it("keeps properties apart that are called like something else", async () => {
    const ran = await help("EXPERIMENTER");
    expect(titles(ran)[0]).toBe("EXPERIMENTER");
    expect(titles(ran)).not.toContain("PortProperty.EXPERIMENTER");
    expect(ran.stdout).toMatch(/^Also called so: .*PortProperty\.EXPERIMENTER/m);
  });

  it("leads from the name of a value to what has it", async () => {
    const { stdout } = await help("SLOWPATH");
    expect(stdout).toMatch(
      /^SLOWPATH is a value of\n {2}MeterNumber {2}0xfffffffd\. Packets on .*\n\nMeterNumber: a number/,
    );
    expect((await help("OFPBRC_BAD_TYPE")).stdout).toBe(
      "OFPBRC_BAD_TYPE is a value of\n  ErrorCode of BAD_REQUEST  1. The type of the message is not supported.\n",
    );
  });

  it("leads from a key to the objects that have it", async () => {
    const { stdout } = await help("command_bucket_id");
    expect(stdout).toMatch(/^command_bucket_id is a key of\n {2}GROUP_MOD +BucketNumber\. /);
  });

  it("takes several words for one name where there is one", async () => {
    expect(titles(await help("flow", "mod"))).toEqual(["FLOW_MOD"]);
    expect(titles(await help("FLOW_MOD", "OUTPUT"))).toEqual(["FLOW_MOD", "Action.OUTPUT"]);
  });

  it("suggests what an unknown name may mean, and fails", async () => {
    expect(await help("FLOWMODD")).toEqual({
      code: 1,
      stdout: "",
      stderr: "help: Nothing is called 'FLOWMODD'.  Did you mean 'FLOW_MOD'?\n",
    });
    expect((await help("PORT_DESCC")).stderr).toContain("Did you mean 'PORT_DESC'?");
    expect(await help("zzzzzz", "BARRIER_REPLY")).toMatchObject({
      code: 1,
      stdout: expect.stringMatching(/^BARRIER_REPLY: a message/),
      stderr: "help: Nothing is called 'zzzzzz'.  Try: 'oftr help'\n",
    });
  });

  it("takes the name of a command for that, too", async () => {
    expect((await help("jsonrpc")).stdout).toMatch(/^Usage: oftr jsonrpc \[options\]\n/);
    const { code, stdout } = await help("tap");
    expect(code).toBe(0);
    expect(stdout).toMatch(/^OFP\.TAP: a method.*\nAlso a command: oftr tap --help\n$/s);
  });

  it("is as wide as the terminal, up to 100 columns", async () => {
    const widths = async (columns: number): Promise<number> => {
      const own = Object.getOwnPropertyDescriptor(process.stdout, "columns");
      Object.defineProperty(process.stdout, "columns", { value: columns, configurable: true });
      terminal.is = true;
      try {
        const { stdout } = await help("FLOW_MOD");
        return Math.max(...stdout.split("\n").map((line) => line.length));
      } finally {
        terminal.is = false;
        if (own === undefined) Reflect.deleteProperty(process.stdout, "columns");
        else Object.defineProperty(process.stdout, "columns", own);
      }
    };
    expect(await widths(80)).toBeLessThanOrEqual(80);
    expect(await widths(80)).toBeGreaterThan(70);
    expect(await widths(400)).toBeLessThanOrEqual(100);
    expect(await widths(400)).toBeGreaterThan(90);
  });

  it("takes any text for a name without a defect", async () => {
    for (const name of ["", "/", "__proto__", "constructor", "x".repeat(100_000), "[", "\0"]) {
      expect((await help("--", name)).code).toBe(1);
    }
  });
});

describe("the JSON-RPC interface", () => {
  it("is documented in full: every method has a page, and every page a method", async () => {
    const catalog = await loadRpcCatalog();
    const documented = catalog.filter(({ kind }) => kind === "method").map(({ name }) => name);
    expect(documented.sort()).toEqual([...METHODS, SEND].map(({ name }) => name).sort());
  });

  it("has a page for each name, which may leave OFP out", async () => {
    const { code, stdout } = await help("OFP.SEND");
    expect(code).toBe(0);
    expect(stdout).toMatch(/^OFP\.SEND: a method of the JSON-RPC interface\nSends a message to a switch\./);
    expect(stdout).toMatch(/^params: Message$/m);
    expect((await help("list_connections")).stdout).toMatch(/^OFP\.LIST_CONNECTIONS: /);
    expect((await help("ChannelUp")).stdout).toMatch(/^CHANNEL_UP: an event /);
    expect((await help("rpc.error")).stdout).toMatch(/^rpc\.error: a reply /);
  });

  it("has types and errors", async () => {
    expect((await help("ChannelReason")).stdout).toMatch(/^TLS_EXPIRED +# Its certificate/m);
    expect((await help("EscalationRate")).stdout).toMatch(
      /^EscalationRate: a type of the JSON-RPC interface\nHow many /,
    );
    expect((await help("rpc.error")).stdout).toMatch(
      /^-65000: +# NOT_LOCATED\. There is no such connection\.$/m,
    );
  });

  it("says which keys clients must write, what a missing one means, and shows a request with its reply", async () => {
    const { stdout } = await help("OFP.LISTEN");
    expect(stdout).toMatch(/^ {2}endpoint: Endpoint +# Required\. Address and port/m);
    expect(stdout).toMatch(/^ {2}tls_id: UInt64 .*Default 0\.$/m);
    expect(stdout).toContain('  {"id":1,"result":{"conn_id":1}}\n');
  });

  it("is a JSON Schema for a request, its params and its result", async () => {
    const schema = async (name: string): Promise<Record<string, unknown>> =>
      JSON.parse((await help("--json-schema", name)).stdout) as Record<string, unknown>;
    expect(await schema("OFP.CLOSE")).toMatchObject({ $ref: "#/$defs/OFP.CLOSE" });
    expect(await schema("close.params")).toMatchObject({ $ref: "#/$defs/OFP.CLOSE.params" });
    expect(Object.keys((await schema("OFP.CLOSE.result")).$defs as object)).toEqual([
      "OFP.CLOSE.result",
      "UInt32",
    ]);
    expect(await schema("ChannelUp")).toMatchObject({ $ref: "#/$defs/CHANNEL_UP" });
  });

  it("is an OpenRPC document", async () => {
    const { code, stdout } = await help("--openrpc");
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ openrpc: "1.3.2", info: { title: "oftr", version: "0.9" } });
  });

  it("is listed by --rpc", async () => {
    expect((await help("-rpc")).stdout).toMatch(/^OFP\.LISTEN +Listens for switches\.$/m);
  });

  it("suggests methods", async () => {
    expect((await help("OFP.LISTN")).stderr).toBe(
      "help: Nothing is called 'OFP.LISTN'.  Did you mean 'OFP.LISTEN'?\n",
    );
  });
});

describe("lists", () => {
  it("come without names", async () => {
    const { code, stdout } = await help();
    expect(code).toBe(0);
    expect(stdout).toMatch(/^oftr knows \d+ messages of OpenFlow 1\.0 to 1\.5\./);
    for (const list of ["messages", "actions", "fields", "enums", "flags", "json-schema"]) {
      expect(stdout).toMatch(new RegExp(`oftr help --${list}[ \\n]`));
    }
  });

  it.each([
    ["--messages", /^FLOW_MOD +all +Adds, changes or removes flow entries\.$/m],
    ["-actions", /^SET_FIELD +1\.2\+, partly 1\.0-1\.1 +Overwrite/m],
    ["-instructions", /^METER +1\.3-1\.4 +Pass/m],
    ["--fields", /^IPV4_DST +IPv4Address +mask +IPv4 destination\.$/m],
    ["-field-table", /^TCP_FLAGS +0x8000\.42 +TcpFlags +mask +1\.5 +ETH_TYPE=0x0800\|0x86dd, IP_PROTO=6$/m],
    ["--structs", /^Port +A port of the switch\.$/m],
    ["--properties", /^PortProperty\.OPTICAL +1\.4\+ +Abilities/m],
    ["--enums", /^ErrorCode +What went wrong/m],
    ["--flags", /^MeterFlags +How a meter measures/m],
    ["-mixed", /^PortNumber +A switch port/m],
    ["-builtins", /^MacAddress +Ethernet address/m],
    ["-schema-names", /^PORT_STATS_REPLY$/m],
    ["-schema-lexicon", /^cookie_mask$/m],
  ])("%s names what there is", async (option, line) => {
    const { code, stdout } = await help(option);
    expect(code).toBe(0);
    expect(stdout).toMatch(line);
  });

  it("may be given together", async () => {
    const { stdout } = await help("--instructions", "--numbers");
    expect(stdout).toMatch(/^GOTO_TABLE.*\n\nPortNumber/s);
  });
});

describe("--json-schema", () => {
  it("prints a schema", async () => {
    const { code, stdout } = await help("--json-schema");
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({
      $schema: "https://json-schema.org/draft/2020-12/schema",
      $id: "urn:oftr:openflow-message",
      $defs: { FLOW_MOD: { description: "Adds, changes or removes flow entries." } },
    });
  });
});

describe("--json-schema NAME", () => {
  it("prints the schema of one thing with all that it refers to, and nothing else", async () => {
    const { code, stdout } = await help("--json-schema", "flow", "mod");
    expect(code).toBe(0);
    const schema = JSON.parse(stdout);
    const validate = newAjv({ strict: false, allErrors: true }).compile(schema);
    const flowMod = { type: "FLOW_MOD", version: 4, msg: { table_id: 0, command: "ADD" } };
    expect([validate(flowMod), validate({ type: "BARRIER_REQUEST" })]).toEqual([true, false]);
    expect(validate({ ...flowMod, msg: { table_id: 0, comand: "ADD" } })).toBe(false);
    expect(schema.$defs.PORT_STATS_REPLY).toBeUndefined();
  });

  it("describes parts of messages, and messages in messages", async () => {
    const compiled = async (name: string) =>
      newAjv({ strict: false }).compile(JSON.parse((await help("--json-schema", name)).stdout));
    const action = await compiled("OUTPUT");
    expect([action({ action: "OUTPUT", port_no: 1 }), action({ action: "OUTPUT" })]).toEqual([true, false]);
    const forward = await compiled("REQUESTFORWARD");
    const inner = {
      type: "GROUP_MOD",
      version: 5,
      msg: { command: "DELETE", type: "ALL", group_id: 1, buckets: [] },
    };
    const around = (msg: object) => ({ type: "REQUESTFORWARD", version: 5, msg });
    expect([forward(around(inner)), forward(around({ type: "NONE" }))]).toEqual([true, false]);
  });

  it("fails for unknown names with a suggestion", async () => {
    expect(await help("--json-schema", "FLOWMODD")).toEqual({
      code: 1,
      stdout: "",
      stderr: "help: Nothing is called 'FLOWMODD'.  Did you mean 'FLOW_MOD'?\n",
    });
  });
});

describe("a version among the words", () => {
  it("leaves out what it does not have", async () => {
    for (const words of [["1.0", "FLOW_MOD"], ["of1.0 flow mod"], ["OpenFlow 1.0", "flow_mod"]]) {
      const { stdout } = await help(...words);
      expect(stdout).toMatch(/^FLOW_MOD: a message, OpenFlow 1\.0\n/);
      expect(stdout).toMatch(/^version: UInt8 +# 1\.$/m);
      expect(stdout).not.toMatch(/importance|cookie_mask|RESET_COUNTS/);
      expect(stdout).toContain("EMERG");
      expect(stdout).toMatch(/^ {2}version: +1$/m);
    }
    expect((await help("1.5", "ControllerRole")).stdout).toContain("ROLE_MASTER");
  });

  it("does not hide what only other versions have", async () => {
    expect((await help("1.0", "METER_MOD")).stdout).toMatch(/^METER_MOD: a message, OpenFlow 1\.3\+/);
  });
});

describe("text", () => {
  it("is broken at blanks", () => {
    expect(wrap("one two three", 7)).toEqual(["one two", "three"]);
    expect(wrap("incomprehensibilities a", 5)).toEqual(["incomprehensibilities", "a"]);
  });

  it("stands in columns", () => {
    expect(
      table([
        ["a", "x"],
        ["long", "y"],
      ]),
    ).toEqual(["  a     x", "  long  y"]);
    expect(table([])).toEqual([]);
  });

  it("stands behind YAML as comments", () => {
    expect(
      comments([
        { code: "msg:", comment: "" },
        { code: "  a: UInt8", comment: "One." },
        { code: "  longer: UInt8", comment: "Two." },
      ]),
    ).toEqual(["msg:", "  a: UInt8       # One.", "  longer: UInt8  # Two."]);
  });

  it("stands below lines that are too wide", () => {
    const code = `${"x".repeat(48)}: UInt8`;
    expect(comments([{ code, comment: "One." }])).toEqual([code, `${" ".repeat(46)}# One.`]);
  });
});
