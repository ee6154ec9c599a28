import { describe, expect, it } from "vitest";
import { decoded, encoded, seeds } from "./seeds.js";

describe("a message", () => {
  it.each(seeds.map((frame) => [frame.toString("hex").slice(0, 40), frame] as const))(
    "comes back byte for byte: %s…",
    (_hex, frame) => {
      const text = decoded(frame) ?? "";
      expect(encoded(text)?.toString("hex")).toBe(frame.toString("hex"));
    },
  );
});
