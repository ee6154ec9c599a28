import { describe, expect, expectTypeOf, it } from "vitest";
import type {
  Action,
  ActionId,
  Field,
  FieldId,
  FlowMod,
  Message,
  MessageTypes,
  UInt64,
} from "../../src/codec/catalog.js";
import { encodeMessage, MessageWriter } from "../../src/codec/encode.js";
import { emitTypes } from "../../src/codegen/emit-types.js";
import { fixtureModel } from "./emit-fixture.js";

describe("types of a small schema", () => {
  const source = emitTypes(fixtureModel()).toString();
  const block = (head: string): string => {
    const start = source.lastIndexOf("\n\n", source.indexOf(head)) + 2;
    return source.slice(start, source.indexOf("\n\n", start));
  };

  it("are the same each time", () => {
    expect(emitTypes(fixtureModel()).toString()).toBe(source);
  });

  it("say by question marks and comments what a message needs, and in which versions", () => {
    expect(block("interface LampMod ")).toBe(
      `/** LAMP_MOD: Changes a lamp. All versions. */
export interface LampMod extends MessageEnvelope {
  type: "LAMP_MOD";
  msg: LampModBody;
}`,
    );
    expect(block("interface LampModBody")).toBe(
      `/** What stands under \`msg\` of LAMP_MOD. */
export interface LampModBody {
  /** Which lamp. */
  id: UInt64;
  /** Default HIGH. */
  level?: Level;
  /** Default RED. OpenFlow 1.1+. */
  colour?: Colour;
  flags: readonly LampFlag[];
  /** Default []. */
  parts?: readonly Part[];
}`,
    );
  });

  it("let a message without content go without msg", () => {
    expect(block("interface LampsRequest ")).toContain("msg?: LampsRequestBody;");
  });

  it("name the values of numbers, enumerations and flags, and leave room for others", () => {
    expect(block("type Level")).toContain('= "LOW" | "HIGH" | "TOP" | number | NumberText;');
    expect(block("type Colour")).toContain('= "RED" | "BLUE" | HexText | number;');
    expect(block("type LampFlag")).toContain('= "ON" | "DIM" | "WARM" | HexText | number;');
    expect(block("type UInt64")).toContain("= number | bigint | NumberText;");
  });

  it("make one type of each case of a union, and one for cases without a name", () => {
    expect(block("interface PartBulb")).toContain('part: "BULB";\n  /** Watts. */\n  power: UInt16;');
    expect(block("interface PartSwitch")).toContain("OpenFlow 1.4+.");
    expect(block("type Part")).toContain("  | PartBulb\n  | PartSwitch\n  | PartUnknown;");
  });
});

describe("types of OpenFlow", () => {
  it("take what encodes", () => {
    const messages: Message[] = [
      {
        type: "FLOW_MOD",
        version: 4,
        msg: {
          table_id: "0x01",
          command: "ADD",
          cookie: 2n ** 63n,
          cookie_mask: "0xffffffffffffffff",
          out_port: "ANY",
          flags: ["SEND_FLOW_REM", "0x00000020", 2],
          match: [
            { field: "IN_PORT", value: "LOCAL" },
            { field: "ETH_DST", value: "01:00:00:00:00:00", mask: "01:00:00:00:00:00" },
            { field: "0x80001402", value: "ABCD" },
          ],
          instructions: [
            {
              instruction: "APPLY_ACTIONS",
              actions: [
                { action: "OUTPUT", port_no: 1 },
                { action: "SET_FIELD", field: "IPV4_DST", value: "192.0.2.1" },
                { action: "EXPERIMENTER.0x00001234", data: "00000001" },
                { action: "0x0099", data: "00000000" },
              ],
            },
          ],
        },
      },
      { type: "BARRIER_REQUEST", xid: 1, version: 1 },
      { type: "PORT_STATS_REQUEST", version: 1, flags: ["MORE"], msg: { port_no: 1 } },
      {
        type: "REQUESTFORWARD",
        version: 5,
        msg: { type: "GROUP_MOD", msg: { command: "DELETE", type: "ALL", group_id: 1, buckets: [] } },
      },
      { type: "_RAW_MESSAGE", version: 6, msg: { type: 99, data: "0102" } },
      { type: "ERROR", version: 4, msg: { type: "BAD_REQUEST", code: "OFPBRC_BAD_TYPE", data: "" } },
      {
        type: "CONTROLLER_STATUS",
        version: 6,
        msg: { short_id: 1, role: "ROLE_EQUAL", reason: "REQUEST", channel_status: "UP" },
      },
    ];
    const w = new MessageWriter();
    for (const message of messages) encodeMessage(message, w, {});
    expect(w.p).toBeGreaterThan(messages.length * 8);
  });

  it("refuse what does not", () => {
    // Each line without an error would be one for the type checker.
    const wrong: unknown[] = [
      // @ts-expect-error no such command
      { type: "FLOW_MOD", msg: { table_id: 0, command: "APPEND" } } satisfies Message,
      // @ts-expect-error command is missing
      { type: "FLOW_MOD", msg: { table_id: 0 } } satisfies FlowMod,
      // @ts-expect-error no such key
      { type: "FLOW_MOD", msg: { table_id: 0, command: "ADD", prioritty: 1 } } satisfies FlowMod,
      // @ts-expect-error flags are a list
      { type: "FLOW_MOD", msg: { table_id: 0, command: "ADD", flags: "CHECK_OVERLAP" } } satisfies FlowMod,
      // @ts-expect-error no such message
      { type: "FLOWMOD", msg: {} } satisfies Message,
      // @ts-expect-error an address is a text
      { field: "ETH_DST", value: 1 } satisfies Field,
      // @ts-expect-error Ethernet types have no mask
      { field: "ETH_TYPE", value: 2048, mask: 255 } satisfies Field,
      // @ts-expect-error the port is called port_no
      { action: "OUTPUT", port: 1 } satisfies Action,
    ];
    expect(wrong).toHaveLength(8);
  });

  it("lead from the name of a type to its message", () => {
    expectTypeOf<Extract<Message, { type: "FLOW_MOD" }>>().toEqualTypeOf<FlowMod>();
    expectTypeOf<MessageTypes["PORT_STATS_REPLY"]["msg"][number]["rx_bytes"]>().toEqualTypeOf<UInt64>();
    expectTypeOf<"IPV4_DST/" | "~ARP_OP" | "0x80001402">().toExtend<FieldId>();
    expectTypeOf<"IPV9_DST/">().not.toExtend<FieldId>();
    expectTypeOf<"SET_FIELD" | "EXPERIMENTER.0x00001234">().toExtend<ActionId>();
  });
});
