import { once } from "node:events";
import { PassThrough, Writable } from "node:stream";
import { describe, expect, it } from "vitest";
import { binaryFraming, DelimitedTransport, nulFraming } from "../../../src/rpc/index.js";
import { duplexPair } from "../../channel/duplex-pair.js";

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** Takes nothing until it is released. */
class StuckWritable extends Writable {
  readonly taken: Buffer[] = [];
  #free = false;
  #next: (() => void) | undefined;
  override _write(chunk: Buffer, _encoding: string, done: () => void): void {
    this.taken.push(chunk);
    if (this.#free) done();
    else this.#next = done;
  }
  release(): void {
    this.#free = true;
    this.#next?.();
  }
}

function open(output: Writable = new PassThrough(), framing = nulFraming()) {
  const input = new PassThrough();
  const transport = new DelimitedTransport(input, output, framing);
  const texts: string[] = [];
  const ends: (Error | undefined)[] = [];
  transport.start(
    (text) => texts.push(text),
    (reason) => ends.push(reason),
  );
  return { input, output, transport, texts, ends };
}

describe("DelimitedTransport", () => {
  it("gives texts, then tells once that there will be no more", async () => {
    const { input, texts, ends } = open();
    input.end("one\0tw\u00f6\0rest");
    await once(input, "close");
    expect(texts).toEqual(["one", "tw\u00f6"]);
    expect(ends).toEqual([undefined]);
  });

  it("stops reading when the framing is broken, and can still answer", async () => {
    const { input, output, transport, texts, ends } = open();
    input.write(`one\0${"x".repeat(1 << 20)}`);
    await turn();
    expect(texts).toEqual(["one"]);
    expect(ends).toMatchObject([{ message: "RPC request is too big" }]);
    expect(input.destroyed).toBe(true);
    transport.send(Buffer.from("answer"));
    transport.close();
    expect(String((output as PassThrough).read())).toBe("answer\0");
  });

  it("frames what it sends, many texts in one write", async () => {
    const output = new StuckWritable();
    const { transport } = open(output, binaryFraming());
    transport.send(Buffer.from("one"));
    transport.send(Buffer.from("two"));
    await turn();
    expect(output.taken.map((chunk) => chunk.toString("hex"))).toEqual([
      "000003f5" + "6f6e65" + "000003f5" + "74776f",
    ]);
  });

  it("copies what it sends", async () => {
    const { output, transport } = open();
    const text = Buffer.from("one");
    transport.send(text);
    text.fill("x");
    await turn();
    expect(String((output as PassThrough).read())).toBe("one\0");
  });

  it("is blocked while the peer takes nothing, and says when it has caught up", async () => {
    const output = new StuckWritable();
    const { transport } = open(output);
    transport.send(Buffer.from("one"));
    expect(transport.blocked).toBe(false);
    await turn();
    expect(transport.blocked).toBe(true);
    expect(transport.queuedBytes).toBe(4);
    let resumed = 0;
    transport.onDrain(() => resumed++);
    output.release();
    await turn();
    expect(resumed).toBe(1);
    expect(transport.blocked).toBe(false);
    expect(transport.queuedBytes).toBe(0);
  });

  it("is not blocked by what the peer takes at once", async () => {
    const { transport } = open(new PassThrough({ highWaterMark: 1 << 20 }));
    const text = Buffer.alloc(1 << 16, "x");
    for (let i = 0; i < 8; i++) {
      transport.send(text);
      expect(transport.blocked).toBe(false);
    }
    await turn();
  });

  it("reads no requests while it is held", async () => {
    const { input, transport, texts } = open();
    transport.hold(true);
    input.write("one\0");
    await turn();
    expect(texts).toEqual([]);
    transport.hold(false);
    await turn();
    expect(texts).toEqual(["one"]);
  });

  it("ends when its output breaks, and is silent from then on", async () => {
    const output = new PassThrough();
    const { transport, ends } = open(output);
    output.destroy(new Error("EPIPE"));
    await transport.closed;
    await turn();
    expect(ends).toEqual([undefined]);
    transport.send(Buffer.from("x"));
    expect(transport.queuedBytes).toBe(0);
    transport.close();
  });

  it("sends what is queued before it closes a socket, also when the peer has closed its side", async () => {
    const [ours, peer] = duplexPair();
    ours.allowHalfOpen = true;
    const transport = new DelimitedTransport(ours, ours, nulFraming());
    transport.start(
      () => undefined,
      () => {
        transport.send(Buffer.from("last"));
        transport.close();
      },
    );
    let received = "";
    peer.on("data", (chunk: Buffer) => {
      received += chunk.toString();
    });
    peer.end();
    await transport.closed;
    await turn();
    expect(received).toBe("last\0");
    expect(ours.destroyed).toBe(true);
  });
});
