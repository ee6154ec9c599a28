import { expect, it } from "vitest";
import { formatProgress } from "../../src/cli/progress.js";

it("The line of progress has bytes, share, messages and rate", () => {
  expect(formatProgress(120_540_000, 500_000_000, 1_060_200, 2)).toBe(
    "120.5 MB of 500.0 MB (24%), 1,060,200 messages, 60.3 MB/s",
  );
});

it("The line of progress has no share where the size is not known, nor one above 100 %", () => {
  expect(formatProgress(1_000_000, Number.NaN, 7, 4)).toBe("1.0 MB, 7 messages, 0.3 MB/s");
  expect(formatProgress(3_000_000, 2_000_000, 7, 1)).toBe("3.0 MB of 2.0 MB (100%), 7 messages, 3.0 MB/s");
  expect(formatProgress(0, 0, 0, 1)).toBe("0.0 MB, 0 messages, 0.0 MB/s");
});
