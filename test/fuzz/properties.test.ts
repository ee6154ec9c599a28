import fc from "fast-check";
import { describe, it } from "vitest";
import { properties } from "./properties.js";

describe("for arbitrary inputs", () => {
  it.each(properties.map((one) => [one.name, one] as const))(
    "%s",
    { timeout: 60_000 },
    (_name, { property, runs }) => {
      fc.assert(property, { numRuns: runs });
    },
  );
});
