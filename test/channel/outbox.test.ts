import { Writable } from "node:stream";
import { describe, expect, it } from "vitest";
import { Outbox } from "../../src/channel/outbox.js";

function sink() {
  const writes: string[] = [];
  const stream = new Writable({
    write(chunk: Buffer, _encoding, done) {
      writes.push(chunk.toString("latin1"));
      done();
    },
  });
  return { writes, stream };
}

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe("Outbox", () => {
  it("writes what was gathered in one piece, when the work at hand is done", async () => {
    const { writes, stream } = sink();
    const outbox = new Outbox(stream);
    outbox.append(Buffer.from("ab"));
    outbox.schedule();
    outbox.append(Buffer.from("cd"));
    outbox.schedule();
    expect(writes).toEqual([]);
    await turn();
    expect(writes).toEqual(["abcd"]);
  });

  it("copies: the caller may reuse its bytes at once", () => {
    const { writes, stream } = sink();
    const outbox = new Outbox(stream);
    const bytes = Buffer.from("ab");
    outbox.append(bytes);
    bytes.fill("x");
    outbox.flush();
    expect(writes).toEqual(["ab"]);
  });

  it("holds back what nobody flushes", async () => {
    const { writes, stream } = sink();
    const outbox = new Outbox(stream);
    outbox.append(Buffer.from("ab"));
    await turn();
    expect(writes).toEqual([]);
    expect(outbox.gatheredBytes).toBe(2);
  });

  it("writes a chunk that is full, and goes on with another", () => {
    const { writes, stream } = sink();
    const outbox = new Outbox(stream, 4);
    outbox.append(Buffer.from("abc"));
    outbox.append(Buffer.from("de"));
    expect(writes).toEqual(["abc"]);
    outbox.flush();
    expect(writes).toEqual(["abc", "de"]);
  });

  it("does not write bytes that wait only because the chunk is used up", () => {
    const { writes, stream } = sink();
    const outbox = new Outbox(stream, 4);
    outbox.append(Buffer.from("ab"));
    outbox.flush();
    outbox.append(Buffer.from("c"));
    outbox.append(Buffer.from("def"));
    expect(writes).toEqual(["ab"]);
    outbox.flush();
    expect(writes).toEqual(["ab", "cdef"]);
  });

  it("takes what is longer than a chunk", () => {
    const { writes, stream } = sink();
    const outbox = new Outbox(stream, 4);
    outbox.append(Buffer.from("abcdefgh"));
    outbox.append(Buffer.from("i"));
    outbox.flush();
    expect(writes).toEqual(["abcdefgh", "i"]);
  });

  it("never writes over bytes that the stream still has", () => {
    const kept: Buffer[] = [];
    const stream = new Writable({
      write(chunk: Buffer, _encoding, done) {
        kept.push(chunk);
        done();
      },
    });
    const outbox = new Outbox(stream, 8);
    for (const text of ["aaa", "bbb", "ccc", "ddd"]) {
      outbox.append(Buffer.from(text));
      outbox.flush();
    }
    expect(kept.map((chunk) => chunk.toString("latin1"))).toEqual(["aaa", "bbb", "ccc", "ddd"]);
  });

  it("counts what the peer has not taken", () => {
    const stream = new Writable({ write() {} });
    const outbox = new Outbox(stream);
    outbox.append(Buffer.from("abc"));
    expect(outbox.queuedBytes).toBe(3);
    outbox.flush();
    outbox.append(Buffer.from("de"));
    expect(outbox.queuedBytes).toBe(5);
  });

  it("forgets what comes after the end of the stream", () => {
    const { writes, stream } = sink();
    const outbox = new Outbox(stream);
    stream.end();
    outbox.append(Buffer.from("ab"));
    outbox.flush();
    expect(writes).toEqual([]);
  });
});
