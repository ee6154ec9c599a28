import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { PartJoiner } from "../../src/rpc/part-joiner.js";

function join(...texts: string[]): string | undefined {
  const joiner = new PartJoiner();
  for (const text of texts) joiner.add(text);
  return joiner.finish(texts.at(-1) ?? "");
}

describe("parts of a reply", () => {
  it("are one message with the elements of all and the rest of the last", () => {
    expect(
      join(
        '{"type":"X","flags":["MORE"],"xid":1,"msg":[{"a":18446744073709551615}]}',
        '{"type":"X","flags":["MORE"],"xid":1,"msg":[]}',
        '{"type":"X","flags":["MORE"],"xid":1,"msg":[2,3]}',
        '{"type":"X","flags":[],"xid":1,"msg":[{"b":"]}"}]}',
      ),
    ).toBe('{"type":"X","flags":[],"xid":1,"msg":[{"a":18446744073709551615},2,3,{"b":"]}"}]}');
    expect(join('{"type":"X","msg":[]}', '{"type":"X","msg":[]}')).toBe('{"type":"X","msg":[]}');
  });

  it("are that part when there is one, whatever it holds", () => {
    expect(join('{"type":"X","msg":{"a":1}}')).toBe('{"type":"X","msg":{"a":1}}');
  });

  it("cannot be joined when they are no lists", () => {
    expect(join('{"type":"X","msg":{"a":1}}', '{"type":"X","msg":{"a":1}}')).toBeUndefined();
    expect(join('{"type":"X","msg":[1]}', '{"type":"X","msg":{}}')).toBeUndefined();
  });

  it("are the concatenation of their lists, however they are cut", () => {
    const element = fc.oneof(
      fc.json(),
      fc.bigInt({ min: 0n, max: (1n << 64n) - 1n }).map(String),
      fc.constantFrom('","msg":[', "]}", '{"msg":[]}').map((text) => JSON.stringify(text)),
    );
    fc.assert(
      fc.property(fc.array(fc.array(element), { minLength: 1, maxLength: 8 }), (lists) => {
        const text = (list: string[]): string => `{"type":"X","xid":7,"msg":[${list.join(",")}]}`;
        expect(join(...lists.map(text))).toBe(text(lists.flat()));
      }),
    );
  });

  it("are measured by their texts", () => {
    const joiner = new PartJoiner();
    joiner.add('{"msg":[1]}');
    joiner.add('{"msg":[22]}');
    expect(joiner.length).toBe(23);
  });
});
