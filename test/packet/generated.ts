/** Frames for property tests: golden ones put together anew, bytes changed, cut and prolonged. */
import fc from "fast-check";
import { GOLDEN_FRAMES } from "./frames/index.js";

const TYPES = [0x0800, 0x0806, 0x86dd, 0x88cc, 0x8100, 0x88a8, 0x8847, 0x8848, 0x88e7, 0x0040, 0x05ff];
/** Numbers of protocols and extension headers of IP. */
const NUMBERS = [0, 1, 2, 6, 17, 43, 44, 47, 50, 51, 58, 59, 60, 132, 135];
/** Places where a header's kind or length stands: types of Ethernet, IPv4's and IPv6's first bytes and protocols, TCP's offset. */
const TELLING = [12, 13, 14, 15, 16, 17, 18, 19, 20, 23, 46, 54, 55, 62];

const golden = fc.constantFrom(...GOLDEN_FRAMES).map(({ frame }) => frame);

const change = fc.oneof(
  fc.record({
    at: fc.nat({ max: 150 }),
    value: fc.constantFrom(0, 1, 0x0f, 0x40, 0x60, 0x7f, 0x80, 0xfe, 0xff),
  }),
  fc.record({ at: fc.nat({ max: 150 }), value: fc.nat({ max: 255 }) }),
  fc.record({ at: fc.constantFrom(...TELLING), value: fc.nat({ max: 255 }) }),
  fc.record({ at: fc.constantFrom(20, 23, 54, 62), value: fc.constantFrom(...NUMBERS) }),
);

/** A golden frame with other bytes, another type, cut or with something behind it. */
export const mutatedFrames = fc
  .record({
    frame: golden,
    changes: fc.array(change, { maxLength: 6 }),
    type: fc.option(fc.constantFrom(...TYPES), { freq: 3 }),
    cut: fc.option(fc.nat({ max: 150 }), { freq: 3 }),
    behind: fc.oneof(
      fc.constant(Buffer.alloc(0)),
      fc.nat({ max: 30 }).map(Buffer.alloc),
      fc.uint8Array({ maxLength: 30 }),
    ),
  })
  .map(({ frame, changes, type, cut, behind }) => {
    const b = Buffer.from(frame);
    for (const { at, value } of changes) if (at < b.length) b[at] = value;
    if (type !== null) b.writeUInt16BE(type, 12);
    return Buffer.concat([cut === null ? b : b.subarray(0, cut), behind]);
  });

/** What stands behind the Ethernet header of one frame behind that of another, behind tags and labels. */
export const stackedFrames = fc
  .record({
    frame: golden,
    inner: golden,
    tags: fc.array(fc.tuple(fc.constantFrom(0x8100, 0x88a8), fc.nat({ max: 0xffff })), { maxLength: 10 }),
    labels: fc.array(fc.nat({ max: 0xffffffff }), { maxLength: 40 }),
    data: fc.uint8Array({ maxLength: 40 }),
  })
  .map(({ frame, inner, tags, labels, data }) => {
    const numbers = tags.flat();
    const type = labels.length > 0 ? 0x8847 : inner.readUInt16BE(12);
    const head = Buffer.alloc(numbers.length * 2 + 2 + labels.length * 4);
    let at = 0;
    for (const number of [...numbers, type]) at = head.writeUInt16BE(number, at);
    for (const label of labels) at = head.writeUInt32BE(label, at);
    return Buffer.concat([frame.subarray(0, 12), head, inner.subarray(14), data]);
  });
