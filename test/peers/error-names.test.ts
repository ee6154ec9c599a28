// The names of all errors in all versions, beside those that Open vSwitch prints of the same bytes.
import { join } from "node:path";
import { expect, it } from "vitest";
import { type CodeDefinition, readSchemas } from "../../src/schema/index.js";
import { encodeOrRefuse } from "../codec/support.js";
import { describeWith } from "./installed.js";
import { marker, splitAtMarkers } from "./ofctl.js";
import { runProgram } from "./programs.js";

/** Names that Open vSwitch has for errors in all versions, where ours is that of later ones. */
const OTHER_NAMES: Readonly<Record<string, readonly string[]>> = {
  OFPBAC_BAD_EXPERIMENTER: ["OFPBAC_BAD_VENDOR"],
  OFPBAC_BAD_EXP_TYPE: ["OFPBAC_BAD_VENDOR_TYPE"],
  OFPBRC_BAD_EXPERIMENTER: ["OFPBRC_BAD_VENDOR"],
  OFPBRC_BAD_EXP_TYPE: ["OFPBRC_BAD_SUBTYPE"],
  OFPBRC_BAD_MULTIPART: ["OFPBRC_BAD_STAT"],
  OFPBRC_IS_SLAVE: ["OFPBRC_IS_SECONDARY"],
  OFPFMFC_BAD_TIMEOUT: ["OFPFMFC_BAD_EMERG_TIMEOUT"],
  OFPTFFC_BAD_ARGUMENT: ["OFPBPC_BAD_VALUE"],
  OFPTFFC_BAD_LEN: ["OFPBPC_BAD_LEN"],
  OFPTFFC_BAD_TYPE: ["OFPBPC_BAD_TYPE"],
};

interface Named {
  readonly version: number;
  readonly name: string;
  readonly frame: Buffer;
}

/** An ERROR of each name that a version has. */
function allErrors(): Named[] {
  const { model } = readSchemas(join(import.meta.dirname, "../../schemas"));
  const codes = model.definitions.get("ErrorCode") as CodeDefinition;
  return [1, 2, 3, 4, 5, 6].flatMap((version) =>
    [...codes.values].flatMap(([type, names]) =>
      [...names].flatMap(([name, numbers]) => {
        if (numbers[version] === undefined) return [];
        const hex = encodeOrRefuse(
          JSON.stringify({ type: "ERROR", version, msg: { type, code: name, data: "" } }),
        );
        return hex === undefined ? [] : [{ version, name, frame: Buffer.from(hex, "hex") }];
      }),
    ),
  );
}

describeWith(["ovs-ofctl"], "Open vSwitch's names of errors", () => {
  it("are ours, but for those that it has from other versions", async () => {
    const errors = allErrors();
    const input = Buffer.concat(errors.flatMap(({ frame }, n) => [marker(n), frame]));
    const said = await runProgram("ovs-ofctl", ["ofp-parse", "-"], { input });
    const texts = splitAtMarkers(said.toString("latin1"));
    const named = errors.flatMap(({ version, name }, n) => {
      const theirs = /\(xid=\w+\): (OFP\w+)/.exec(texts[n] ?? "")?.[1];
      return theirs === undefined ? [] : [{ version, name, theirs }];
    });
    expect(named.length).toBeGreaterThan(500);
    expect(
      named.filter(({ name, theirs }) => name !== theirs && !OTHER_NAMES[name]?.includes(theirs)),
    ).toEqual([]);
  });
});
