/** Messages of vendors. */
import { expect, it } from "vitest";
import { resetBefore, type Suite, V1_0 } from "./suite.js";

export function checkExperimenters(suite: Suite): void {
  const { lab, version } = suite;
  resetBefore(suite);

  // The role of Open vSwitch's extension: NXT_ROLE_REQUEST is 10; the role 0 is "other". 1.0 has no exp_type.
  const request =
    version === V1_0 ? { exp_type: 0, data: "0000000A00000000" } : { exp_type: 10, data: "00000000" };

  it("that the switch knows are answered", async () => {
    const answer = await lab().ask("EXPERIMENTER", { experimenter: 0x2320, ...request });
    expect(answer).toMatchObject({ type: "NXT_ROLE_REPLY", msg: { role: "OTHER" } });
  });

  const unknown = { type: "ERROR", msg: { type: "BAD_REQUEST", code: "OFPBRC_BAD_EXPERIMENTER" } };

  it("that it does not know are refused", async () => {
    const error = await lab().ask("EXPERIMENTER", { ...request, experimenter: 0xabcdef });
    expect(error).toMatchObject(unknown);
  });

  it("that it does not know are refused as statistics, too", async () => {
    const statistics = { ...request, experimenter: 0xabcdef };
    expect(await lab().ask("EXPERIMENTER_REQUEST", statistics)).toMatchObject(unknown);
  });
}
