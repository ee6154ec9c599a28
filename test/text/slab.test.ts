import { describe, expect, it } from "vitest";
import { SLAB_SIZE, Text, writeAscii } from "../../src/text/index.js";

describe("Text", () => {
  it("hands out one text after the other, each on its own bytes", () => {
    const w = new Text();
    writeAscii("first", w);
    const first = w.take();
    writeAscii("second", w);
    expect(w.length).toBe(6);
    const second = w.take();
    expect([first.toString(), second.toString(), w.length]).toEqual(["first", "second", 0]);
    expect(second.byteOffset - first.byteOffset).toBe(5);
  });

  it("moves an unfinished text to a new slab and leaves finished ones alone", () => {
    const w = new Text(16);
    writeAscii("finished", w);
    const finished = w.take();
    const slab = w.o;
    writeAscii("begun", w);
    w.room(12);
    expect(w.o).not.toBe(slab);
    writeAscii(" and ended", w);
    expect([finished.toString(), w.take().toString()]).toEqual(["finished", "begun and ended"]);
  });

  it("gives a new slab its usual size, or what a longer text needs", () => {
    const w = new Text(16);
    w.room(17);
    expect(w.o.length).toBe(SLAB_SIZE);
    w.room(3 * SLAB_SIZE);
    expect(w.o.length).toBe(3 * SLAB_SIZE);
    expect(w.v.byteLength).toBe(w.o.length);
  });

  it("keeps its view on the slab it writes to", () => {
    const w = new Text(4);
    w.room(8);
    w.v.setUint32(w.p, 0x61626364);
    w.p += 4;
    expect(w.take().toString()).toBe("abcd");
  });

  it("has slabs of their own, not parts of Node's shared pool", () => {
    expect(new Text(16).o.buffer.byteLength).toBe(16);
  });

  it("throws away an unfinished text, or a part of it", () => {
    const w = new Text();
    writeAscii("kept", w);
    w.take();
    writeAscii("one,two", w);
    w.discard(w.start + 3);
    expect(w.takeString()).toBe("one");
    writeAscii("half", w);
    w.discard();
    expect(w.take().toString()).toBe("");
  });

  it("gives a text as a string and uses its bytes again", () => {
    const w = new Text();
    writeAscii("abc", w);
    expect([w.takeString(), w.p]).toEqual(["abc", 0]);
  });

  it("starts over when it is told to", () => {
    const w = new Text();
    writeAscii("abc", w);
    const taken = w.take();
    w.rewind();
    writeAscii("xyz", w);
    expect([w.take().toString(), taken.toString()]).toEqual(["xyz", "xyz"]);
  });
});
