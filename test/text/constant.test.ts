import { describe, expect, it } from "vitest";
import { constant, Text, writeConstant } from "../../src/text/index.js";

const LETTERS = '{"ABCDEFGHIJKLMNOPQRSTUVWXYZ":~}';

describe("writeConstant", () => {
  it.each(Array.from({ length: LETTERS.length + 1 }, (_, n) => n))("appends %d characters", (n) => {
    const w = new Text(128);
    w.p = 3;
    w.start = 3;
    const key = constant(LETTERS.slice(0, n));
    writeConstant(key, w);
    expect(w.length).toBe(n);
    writeConstant(key, w);
    expect(w.takeString()).toBe(LETTERS.slice(0, n).repeat(2));
  });

  it("stores at most seven blanks behind the text", () => {
    const w = new Text(32);
    w.o.fill("*");
    writeConstant(constant("123456789"), w);
    expect(w.o.toString("latin1")).toBe(`123456789${" ".repeat(7)}${"*".repeat(16)}`);
  });
});
