/** Arbitrary messages, made from the schema, through the codec: value to bytes to JSON to bytes. */
import fc from "fast-check";
import { describe, it } from "vitest";
import { versionName } from "../../src/base/index.js";
import { messageKinds, messageOf } from "./arbitrary.js";
import { checkReturned } from "./returned.js";

/** Messages per type and version. */
const RUNS = 25;

const kinds = messageKinds.map((kind) => [kind.name, versionName(kind.version as 1), kind] as const);

describe.each(kinds)("%s of OpenFlow %s", (_name, _version, kind) => {
  const message = messageOf(kind);

  it("comes back, byte for byte and key for key", () => {
    fc.assert(
      fc.property(message, (value) => {
        checkReturned(value);
      }),
      { numRuns: RUNS },
    );
  });
});
