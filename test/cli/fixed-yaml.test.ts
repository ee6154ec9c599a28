import { beforeAll, describe, expect, it } from "vitest";
import { fixedYaml } from "../../src/cli/fixed-yaml.js";
import { MessageTypes } from "../../src/cli/message-types.js";
import { loadCatalog } from "../../src/codec/catalog.js";

let types: MessageTypes;

beforeAll(async () => {
  types = new MessageTypes(await loadCatalog());
});

/** The lines of the body of a message, without what all messages have. Blanks at their ends are shown as `·`. */
function bodyOf(type: string, msg: unknown): string[] {
  const lines = fixedYaml({ type, xid: 1, version: 4, msg }, types).split("\n");
  expect(lines.slice(0, 4)).toEqual([
    "---",
    `type:            ${type}`,
    "xid:             0x00000001",
    "version:         0x04",
  ]);
  expect(lines.slice(-2)).toEqual(["...", ""]);
  return lines.slice(4, -2).map((line) => line.replace(/ +$/, (blanks) => "·".repeat(blanks.length)));
}

describe("fixedYaml", () => {
  it("prints integers in hex, as wide as their type, and pads keys with blanks", () => {
    const msg = {
      cookie: "18446744073709551615",
      table_id: 7,
      priority: 32768,
      buffer_id: "NO_BUFFER",
      out_port: 3,
      match: [
        { field: "ETH_TYPE", value: 2048 },
        { field: "IP_DSCP", value: 5 },
        { field: "PBB_ISID", value: 1, mask: 0xffffff },
        { field: "METADATA", value: 1 },
        { field: "NX_REG0", value: 10 },
      ],
      instructions: [
        {
          instruction: "APPLY_ACTIONS",
          actions: [
            { action: "SET_FIELD", field: "VLAN_VID", value: 4096 },
            { action: "OUTPUT", port_no: 1, max_len: 128 },
          ],
        },
        { instruction: "GOTO_TABLE", table_id: 255 },
      ],
    };
    expect(bodyOf("FLOW_MOD", msg)).toEqual([
      "msg:·············",
      "  cookie:          0xFFFFFFFFFFFFFFFF",
      "  table_id:        0x07",
      "  priority:        0x8000",
      "  buffer_id:       NO_BUFFER",
      "  out_port:        0x00000003",
      "  match:···········",
      "    - field:           ETH_TYPE",
      "      value:           0x0800",
      "    - field:           IP_DSCP",
      "      value:           0x05",
      "    - field:           PBB_ISID",
      "      value:           0x00000001",
      "      mask:            0x00FFFFFF",
      "    - field:           METADATA",
      "      value:           0x0000000000000001",
      "    - field:           NX_REG0",
      "      value:           0x0000000A",
      "  instructions:····",
      "    - instruction:     APPLY_ACTIONS",
      "      actions:·········",
      "        - action:          SET_FIELD",
      "          field:           VLAN_VID",
      "          value:           0x1000",
      "        - action:          OUTPUT",
      "          port_no:         0x00000001",
      "          max_len:         0x0080",
      "    - instruction:     GOTO_TABLE",
      "      table_id:        0xFF",
    ]);
  });

  it("prints empty lists of flags with two blanks, those of objects with none, and numbers of lists decimal", () => {
    expect(bodyOf("FLOW_MOD", { flags: [], match: [], instructions: [] })).toEqual([
      "msg:·············",
      "  flags:           [  ]",
      "  match:           []",
      "  instructions:    []",
    ]);
    expect(bodyOf("FLOW_MOD", { flags: ["SEND_FLOW_REM", "0x00000040"] })[1]).toBe(
      "  flags:           [ SEND_FLOW_REM, '0x00000040' ]",
    );
    expect(bodyOf("HELLO", { versions: [1, 4] })[1]).toBe("  versions:        [ 1, 4 ]");
    expect(bodyOf("BARRIER_REQUEST", {})).toEqual(["msg:             {}"]);
  });

  it("prints a list as the body, and puts one blank behind a long key", () => {
    const features = {
      table_id: 1,
      apply_actions_miss: [
        "COPY_TTL_OUT",
        "POP_VLAN",
        "OUTPUT",
        "DEC_NW_TTL",
        "POP_MPLS",
        "GROUP",
        "0xffff.01",
      ],
      match: ["IPV6_EXTHDR/", "~0xFFFF0000.0x000000D6"],
    };
    expect(bodyOf("TABLE_FEATURES_REPLY", [features, { table_id: 2 }])).toEqual([
      "msg:·············",
      "  - table_id:        0x01",
      "    apply_actions_miss: [ COPY_TTL_OUT, POP_VLAN, OUTPUT, DEC_NW_TTL, POP_MPLS,·",
      "                          GROUP, 0xffff.01 ]",
      "    match:           [ IPV6_EXTHDR/, '~0xFFFF0000.0x000000D6' ]",
      "  - table_id:        0x02",
    ]);
  });

  it("goes into objects and nested messages, and past what it does not know", () => {
    expect(
      bodyOf("BUNDLE_ADD_MESSAGE", {
        bundle_id: 1,
        message: { type: "PORT_STATS_REQUEST", xid: 2, version: 5, flags: [], msg: { port_no: 5 } },
        properties: [{ property: "0x0004", data: "" }],
      }),
    ).toEqual([
      "msg:·············",
      "  bundle_id:       0x00000001",
      "  message:·········",
      "    type:            PORT_STATS_REQUEST",
      "    xid:             0x00000002",
      "    version:         0x05",
      "    flags:           [  ]",
      "    msg:·············",
      "      port_no:         0x00000005",
      "  properties:······",
      "    - property:        0x0004",
      "      data:            ''",
    ]);
    expect(bodyOf("_RAW_MESSAGE", { type: 99, data: "00" })).toEqual([
      "msg:·············",
      "  type:            99",
      "  data:            00",
    ]);
  });

  it("quotes addresses always, but those of IPv4, and never hex and durations", () => {
    expect(bodyOf("PORT_STATUS", { hw_addr: "01:02:03:04:05:06" })[1]).toBe(
      "  hw_addr:         '01:02:03:04:05:06'",
    );
    expect(bodyOf("PORT_STATS_REPLY", [{ duration: "1.xffffffff" }])[1]).toBe(
      "  - duration:        1.xffffffff",
    );
    expect(bodyOf("ECHO_REQUEST", { data: "616263" })[1]).toBe("  data:            616263");
    const match = [
      { field: "IPV4_DST", value: "10.0.0.1" },
      { field: "IPV6_DST", value: "::1" },
    ];
    expect(bodyOf("FLOW_MOD", { match }).filter((line) => line.includes("value"))).toEqual([
      "      value:           10.0.0.1",
      "      value:           '::1'",
    ]);
    expect(bodyOf("FEATURES_REPLY", { datapath_id: "00:00:00:00:00:00:00:01" })[1]).toBe(
      "  datapath_id:     '00:00:00:00:00:00:00:01'",
    );
  });

  it.each([
    ["port one", "port one"],
    ["a,b", "a,b"],
    [",a", "',a'"],
    ["-", "'-'"],
    [" a", "' a'"],
    ["a ", "'a '"],
    ["a\tb", "a\tb"],
    ["a/b", "'a/b'"],
    ["a: b", "'a: b'"],
    ["a'b", "'a''b'"],
    ["", "''"],
    ["123", "'123'"],
    ["1e5", "'1e5'"],
    ["0x1f", "'0x1f'"],
    ["1e", "1e"],
    ["~", "'~'"],
    ["null", "'null'"],
    ["TRUE", "'TRUE'"],
    ["tRue", "tRue"],
    ["no", "no"],
    [".inf", "'.inf'"],
    ["é", '"é"'],
    ["\u0001\u0007\u001b", '"\\x01\\a\\e"'],
    ["a\nb", '"a\\nb"'],
    ["x\u007f\u0085\u00a0\u2028", '"x\\x7F\\N\\_\\L"'],
    ["\udc80", '"\\udc80"'],
  ])("prints the name %j as %s", (name, text) => {
    expect(bodyOf("PORT_STATUS", { name })[1]).toBe(`  name:            ${text}`.replace(/ +$/, ""));
  });
});
