import { closeSync, openSync } from "node:fs";
import { afterAll, expect, it } from "vitest";
import { SLICE_BYTES, SliceQueue } from "../../src/cli/slices.js";
import { Folder } from "./folder.js";

const folder = new Folder();
afterAll(() => folder.remove());

/** What a queue makes of a file: offset and length of each slice. */
function slices(content: Buffer): { offset: number; length: number; last: boolean }[] {
  const fd = openSync(folder.file("slices.bin", content), "r");
  const queue = new SliceQueue();
  const buffer = Buffer.alloc(SLICE_BYTES);
  const found = [];
  for (let slice = queue.take(fd, buffer); slice !== undefined; slice = queue.take(fd, buffer)) {
    const { number, offset, bytes, last } = slice;
    expect(number).toBe(found.length);
    expect(bytes.equals(content.subarray(offset, offset + bytes.length))).toBe(true);
    found.push({ offset, length: bytes.length, last });
  }
  expect(queue.take(fd, buffer)).toBeUndefined();
  closeSync(fd);
  return found;
}

/** `count` messages of `size` bytes. */
function messages(size: number, count: number): Buffer {
  const frame = Buffer.alloc(size, 0xee);
  frame.writeUInt16BE(0x0402, 0);
  frame.writeUInt16BE(size, 2);
  return Buffer.concat(Array.from({ length: count }, () => frame));
}

it("Slices end where messages end", () => {
  // 524,288 = 524 * 1000 + 288
  expect(slices(messages(1000, 1100))).toEqual([
    { offset: 0, length: 524_000, last: false },
    { offset: 524_000, length: 524_000, last: false },
    { offset: 1_048_000, length: 52_000, last: true },
  ]);
});

it("A slice that messages fill to the last byte is whole, and an empty one tells the end", () => {
  expect(slices(messages(512, 1024))).toEqual([
    { offset: 0, length: SLICE_BYTES, last: false },
    { offset: SLICE_BYTES, length: 0, last: true },
  ]);
});

it("An empty file is one empty slice", () => {
  expect(slices(Buffer.alloc(0))).toEqual([{ offset: 0, length: 0, last: true }]);
});

it("A damaged header starts the last slice", () => {
  const bad = Buffer.from("0402000700000000", "hex");
  const content = Buffer.concat([messages(1000, 100), bad, messages(1000, 1000)]);
  expect(slices(content)).toEqual([
    { offset: 0, length: 100_000, last: false },
    { offset: 100_000, length: SLICE_BYTES, last: true },
  ]);
});

it("A file that cannot be read is a slice that says why", () => {
  const fd = openSync(folder.path, "r");
  const slice = new SliceQueue().take(fd, Buffer.alloc(SLICE_BYTES));
  closeSync(fd);
  expect(slice).toMatchObject({ number: 0, offset: 0, last: true, error: { code: "EISDIR" } });
});

it("Turns go from slice to slice, and none is left once the work is stopped", () => {
  const queue = new SliceQueue();
  const other = new SliceQueue(queue.memory);
  expect(queue.awaitTurn(0)).toBe(true);
  queue.passTurn(0, 12);
  expect(other.awaitTurn(1)).toBe(true);
  other.passTurn(1, 3);
  expect(queue.messages).toBe(15);
  other.stop();
  expect(queue.stopped).toBe(true);
  expect(queue.awaitTurn(2)).toBe(false);
  expect(queue.take(0, Buffer.alloc(SLICE_BYTES))).toBeUndefined();
});
