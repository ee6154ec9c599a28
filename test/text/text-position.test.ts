import { describe, expect, it } from "vitest";
import { positionAt } from "../../src/text/index.js";

describe("positionAt", () => {
  it("counts lines and columns from one", () => {
    const text = "ab\n\ncd";
    expect([0, 1, 2, 3, 4, 5, 6, 99].map((o) => positionAt(text, o))).toEqual([
      { line: 1, column: 1 },
      { line: 1, column: 2 },
      { line: 1, column: 3 },
      { line: 2, column: 1 },
      { line: 3, column: 1 },
      { line: 3, column: 2 },
      { line: 3, column: 3 },
      { line: 3, column: 3 },
    ]);
  });
});
