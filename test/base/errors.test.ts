import { describe, expect, it } from "vitest";
import {
  ChannelError,
  DecodeError,
  EncodeError,
  OftrError,
  RpcError,
  SchemaError,
  TextError,
} from "../../src/base/index.js";

describe("errors", () => {
  it("are all OftrErrors with a name and a code", () => {
    const all = [
      new DecodeError("SHORT", "HELLO", 8, "needs 4 bytes, has 0"),
      new EncodeError("xid", "is missing", { code: "MISSING" }),
      new TextError("SYNTAX", 1, 2, "no"),
      new SchemaError("a.yaml", 1, 2, "no"),
      new ChannelError("TIMEOUT", "no HELLO within 5 s", 7),
      new RpcError(-32602, "Invalid params"),
    ];
    expect(all.every((e) => e instanceof OftrError && e instanceof Error)).toBe(true);
    expect(all.map((e) => [e.name, e.code])).toEqual([
      ["DecodeError", "SHORT"],
      ["EncodeError", "MISSING"],
      ["TextError", "SYNTAX"],
      ["SchemaError", "SCHEMA"],
      ["ChannelError", "TIMEOUT"],
      ["RpcError", -32602],
    ]);
  });

  it("say where a frame is wrong", () => {
    const error = new DecodeError("BAD_LENGTH", "FLOW_MOD.match", 50, "type 2, not 1");
    expect(error.message).toBe("FLOW_MOD.match: type 2, not 1 (byte 50)");
    expect([error.where, error.offset]).toEqual(["FLOW_MOD.match", 50]);
  });

  it("say once in which part a frame is wrong", () => {
    const within = (where: string): string =>
      new DecodeError("SHORT", where, 9, "short").within("FLOW_MOD").message;
    expect(within("FLOW_MOD")).toBe("FLOW_MOD: short (byte 9)");
    expect(within("FLOW_MOD.match")).toBe("FLOW_MOD.match: short (byte 9)");
    expect(within("FLOW_MODS")).toBe("FLOW_MOD, FLOW_MODS: short (byte 9)");
    expect(within("Action")).toBe("FLOW_MOD, Action: short (byte 9)");
  });

  it("say where a text is wrong", () => {
    expect(new TextError("SYNTAX", 3, 14, "unexpected x").message).toBe("3:14: unexpected x");
    expect(new SchemaError("schemas/a.yaml", 41, 7, "no").message).toBe("schemas/a.yaml:41:7: no");
  });

  it("carry the data of an RPC error", () => {
    expect(new RpcError(-32602, "Invalid params", { key: "xid" }).data).toEqual({ key: "xid" });
  });
});

describe("EncodeError", () => {
  it("shows a long path by its start and its end, and keeps the whole of it", () => {
    const error = new EncodeError("k".repeat(1000), "is not a known key").prefix("msg");
    expect(error.path).toBe(`msg.${"k".repeat(1000)}`);
    expect(error.message).toBe(`msg.${"k".repeat(196)}…${"k".repeat(100)}: is not a known key`);
  });

  it("can say that the value is elsewhere", () => {
    const error = new EncodeError("value", "is missing", { code: "MISSING" })
      .prefix("msg")
      .relocate("msg.count");
    expect([error.path, error.message, error.code]).toEqual([
      "msg.count",
      "msg.count: is missing",
      "MISSING",
    ]);
  });

  it("starts with the key alone", () => {
    const error = new EncodeError("value", '"x" is not a MacAddress', { found: "x", expected: "MacAddress" });
    expect(error.message).toBe('value: "x" is not a MacAddress');
    expect([error.path, error.code, error.found, error.expected]).toEqual([
      "value",
      "INVALID",
      "x",
      "MacAddress",
    ]);
  });

  it("gains its path while it unwinds, with the dots where they belong", () => {
    const error = new EncodeError("port_no", '"FLOD" is not a PortNumber');
    error.prefix(".actions[1]").prefix(".instructions[0]").prefix("msg");
    expect(error.path).toBe("msg.instructions[0].actions[1].port_no");
    expect(error.message).toBe('msg.instructions[0].actions[1].port_no: "FLOD" is not a PortNumber');
  });

  it("accepts an index alone and a value without a key", () => {
    expect(new EncodeError("", "is not a flag").prefix("[2]").prefix("flags").message).toBe(
      "flags[2]: is not a flag",
    );
    expect(new EncodeError("", "is not an object").message).toBe("is not an object");
    expect(new EncodeError("", "is not an object").prefix("msg").message).toBe("msg: is not an object");
  });

  it("is returned by prefix, to be rethrown", () => {
    const error = new EncodeError("a", "b");
    expect(error.prefix("c")).toBe(error);
  });

  it("keeps its message as a property of its own", () => {
    const error = new EncodeError("a", "b").prefix("c");
    expect(Object.hasOwn(error, "message")).toBe(true);
  });
});
