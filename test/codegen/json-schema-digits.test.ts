import { describe, expect, it } from "vitest";
import { decimalText, exactText, integerText } from "../../src/codegen/json-schema-digits.js";
import { parseInteger } from "../../src/text/index.js";

const whole = (pattern: string): RegExp => new RegExp(`^${pattern}$`);

/** A number in every base, in both cases, with leading zeros. */
function texts(n: bigint): string[] {
  const [hex, oct, bin] = [n.toString(16), n.toString(8), n.toString(2)];
  return [
    String(n),
    `0x${hex}`,
    `0X${hex.toUpperCase()}`,
    `0x000${hex}`,
    `0o${oct}`,
    `0O0${oct}`,
    `0${oct}`,
    `000${oct}`,
    `0b${bin}`,
    `0B0${bin}`,
  ];
}

describe("texts of integers up to a limit", () => {
  it.each([0n, 1n, 7n, 8n, 9n, 10n, 63n, 99n, 100n, 255n, 1000n, 4095n])(
    "are those of 0 to %s and of no other number",
    (max) => {
      const pattern = whole(integerText(max));
      for (let n = 0n; n <= max + 300n; n++) {
        for (const text of texts(n)) expect([text, pattern.test(text)]).toEqual([text, n <= max]);
      }
    },
  );

  it.each([8n, 13n, 16n, 24n, 32n, 64n])("end where %s bits end", (bits) => {
    const pattern = whole(integerText(2n ** bits - 1n));
    for (const n of [0n, 1n, 2n ** (bits - 1n), 2n ** bits - 2n, 2n ** bits - 1n])
      for (const text of texts(n)) expect([text, pattern.test(text)]).toEqual([text, true]);
    for (const n of [2n ** bits, 2n ** bits + 1n, 10n * 2n ** bits, 2n ** (bits + 4n)])
      for (const text of texts(n)) expect([text, pattern.test(text)]).toEqual([text, false]);
  });

  it.each([
    "",
    "0x",
    "0b",
    "0o",
    "08",
    "09",
    "0b2",
    "0xg",
    "-1",
    "+1",
    "1.0",
    "1e3",
    " 1",
    "1 ",
    "1_000",
    "x1",
  ])("are not %j, which the reader of numbers does not take either", (text) => {
    expect(parseInteger(text)).toBeUndefined();
    expect(whole(integerText(0xffffn)).test(text)).toBe(false);
  });
});

describe("texts of one integer", () => {
  it.each([0n, 1n, 10n, 255n, 0xffffn])("are those of %s only", (n) => {
    const pattern = whole(exactText(Number(n)));
    for (const text of texts(n)) expect([text, pattern.test(text)]).toEqual([text, true]);
    for (const other of [n + 1n, n + 16n, n * 10n + 1n])
      for (const text of texts(other)) expect([text, pattern.test(text)]).toEqual([text, false]);
  });
});

describe("decimal texts", () => {
  it("have no other base and no leading zero", () => {
    const pattern = whole(decimalText(4294967295n));
    for (const text of ["0", "9", "4294967295", "1000000000"]) expect(pattern.test(text)).toBe(true);
    for (const text of ["4294967296", "42949672950", "01", "0x1", "5000000000"])
      expect(pattern.test(text)).toBe(false);
  });
});
