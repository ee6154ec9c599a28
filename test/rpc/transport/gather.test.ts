import { describe, expect, it } from "vitest";
import { Gather } from "../../../src/rpc/transport/gather.js";

describe("Gather", () => {
  it("puts pieces together, and is empty then", () => {
    const gather = new Gather();
    for (let i = 0; i < 5000; i++) gather.append(Buffer.from("ab"));
    expect(gather.length).toBe(10_000);
    expect(String(gather.take(Buffer.from("c")))).toBe(`${"ab".repeat(5000)}c`);
    expect(gather.length).toBe(0);
    expect(gather.take(Buffer.alloc(0))).toHaveLength(0);
  });

  it("copies pieces, but not what is whole already", () => {
    const gather = new Gather();
    const whole = Buffer.from("whole");
    expect(gather.take(whole)).toBe(whole);
    const piece = Buffer.from("piece");
    gather.append(piece);
    piece.fill("x");
    expect(String(gather.take(Buffer.from("!")))).toBe("piece!");
  });
});
