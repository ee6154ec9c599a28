import { expect, it } from "vitest";
import { errorSentence, readError, withMeaning } from "../../src/rpc/openflow-error.js";

/** The sentence for an ERROR of which these are version, type, code and data. */
async function sentence(hex: string): Promise<string> {
  const frame = Buffer.from(`0001000000000001${hex.replaceAll(" ", "").slice(2)}`, "hex");
  frame[0] = Number.parseInt(hex, 16);
  frame.writeUInt16BE(frame.length, 2);
  return errorSentence(await withMeaning(readError(frame)));
}

it.each([
  ["a name of OpenFlow", "04 0002 0004", "BAD_ACTION/OFPBAC_BAD_OUT_PORT: There is no such port to send to."],
  ["a code without a name", "04 0002 0099", "BAD_ACTION/0x0099: "],
  ["a name of Nicira's in 1.3", "04 ffff 0024 00002320", "NXST_NOT_CONFIGURED: IPFIX is not configured."],
  [
    "a name of the ONF's in 1.3",
    "04 ffff 0909 4f4e4600",
    "OFPBFC_MSG_FAILED: A message of the bundle failed.",
  ],
  ["a name of Nicira's in 1.0", "01 b0c2 0000 00002320 00010216", "NXR_STALE: "],
  ["an experimenter that nobody knows", "04 ffff 0001 00001234", "EXPERIMENTER/0x0001: "],
])("An error of the switch is told by %s", async (_, hex, text) => {
  expect(await sentence(hex)).toContain(text);
});
