import { describe, expect, it } from "vitest";
import { compareJson, type Difference } from "../../conformance/differences.js";
import { byUnits } from "./units.js";

function units(want: unknown, got: unknown): readonly Difference[] {
  return byUnits(compareJson(want, got), want, got);
}

describe("differences by units", () => {
  it("are one for a list of flags, with those that only one side has", () => {
    expect(units({ flags: ["A", "B", "D"] }, { flags: ["A", "C", "D"] })).toEqual([
      { path: "flags", at: ["flags"], want: '["B"]', got: '["C"]' },
    ]);
  });

  it("tell lists whole that differ in their order alone", () => {
    expect(units({ flags: ["A", "B"] }, { flags: ["B", "A"] })).toEqual([
      { path: "flags", at: ["flags"], want: '["A","B"]', got: '["B","A"]' },
    ]);
  });

  it("are one for items of different kinds, and one for each key of items of one kind", () => {
    const want = {
      actions: [
        { action: "0x0003", data: "00" },
        { action: "OUTPUT", port_no: 1, max_len: 2 },
      ],
    };
    const got = { actions: [{ action: "POP_VLAN" }, { action: "OUTPUT", port_no: 2, max_len: 3 }] };
    expect(units(want, got)).toEqual([
      {
        path: "actions[0x0003]",
        at: ["actions", 0],
        want: '{"action":"0x0003","data":"00"}',
        got: '{"action":"POP_VLAN"}',
      },
      { path: "actions[OUTPUT].port_no", at: ["actions", 1, "port_no"], want: "1", got: "2" },
      { path: "actions[OUTPUT].max_len", at: ["actions", 1, "max_len"], want: "2", got: "3" },
    ]);
  });

  it("are the type alone where the types of messages differ", () => {
    expect(units({ type: "A", version: 1, msg: 1 }, { type: "B", version: 1, msg: 2 })).toEqual([
      { path: "type", at: ["type"], want: '"A"', got: '"B"' },
    ]);
  });

  it("are the type alone, too, of messages in messages, with what differs around them", () => {
    const around = (role: string, message: object): object => ({
      type: "A",
      version: 1,
      msg: { role, message },
    });
    const want = around("X", { type: "B", version: 2, msg: { data: "00" } });
    const got = around("Y", { type: "C", version: 2, msg: { number: 0 } });
    expect(units(want, got)).toEqual([
      { path: "msg.role", at: ["msg", "role"], want: '"X"', got: '"Y"' },
      { path: "msg.message.type", at: ["msg", "message", "type"], want: '"B"', got: '"C"' },
    ]);
  });
});
