import { describe, expect, it } from "vitest";
import { makeLimiter, parseRate } from "../../src/rpc/rate.js";

/** Which events at these times, in seconds, pass. */
function passing(text: string, ...seconds: readonly number[]): string {
  const rate = parseRate(text);
  if (rate === undefined) throw new Error(`${text} is no rate`);
  const allows = makeLimiter(rate);
  return seconds.map((s) => (allows(s * 1000 + 5_000_000) ? "+" : "-")).join("");
}

describe("a rate", () => {
  it.each([
    ["true", "++++++++"],
    ["FALSE", "--------"],
    ["3", "+++-----"],
    ["0", "--------"],
    ["0:2", "--------"],
    ["0/1", "--------"],
    ["2:3", "++-++-++"],
    ["5:2", "++++++++"],
    ["1:1", "++++++++"],
    ["2/6", "++--++-+"],
    ["2/6.0", "++--++-+"],
    ["2/0", "++------"],
    ["2:4/10", "++--++--"],
    ["1/2.5", "++-++++-"],
  ])("%s passes %s", (text, expected) => {
    const times = text === "1/2.5" ? [0, 2.5, 4, 5, 7.6, 10.1, 12.7, 13] : [0, 2.5, 4, 5, 6.5, 9.5, 10, 12.6];
    expect(passing(text, ...times)).toBe(expected);
  });

  it("counts time from the first event, so that a burst may pass at the turn", () => {
    expect(passing("5/10", 0, 9.9, 9.9, 9.9, 9.9, 9.9, 10, 10, 10, 10, 10, 10)).toBe("+++++-+++++-");
  });

  it.each([
    ...[
      "",
      " ",
      "yes",
      "-1",
      "1.5",
      "1/5s",
      "1/2.0x",
      " 1/2.0",
      "1:2x",
      "1:",
      "/1",
      ":2",
      "1/",
      "1/.5",
      "1/5.",
    ],
    ...[
      "1:0",
      "4294967296",
      "1:4294967296",
      "1/0.1234567891",
      "99999999999",
      "1/2:3",
      "1:2:3",
      "1e3",
      "0x10",
    ],
  ])("is not %j", (text) => {
    expect(parseRate(text)).toBeUndefined();
  });
});
