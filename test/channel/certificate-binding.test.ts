import { describe, expect, it } from "vitest";
import { type CertificateNames, whyNotBound } from "../../src/channel/index.js";

const DPID = "00:00:00:00:00:00:00:2a";
const names = (given: Partial<CertificateNames>): CertificateNames => ({
  CN: [],
  DNS: [],
  URI: [],
  ...given,
});

describe("whyNotBound", () => {
  it.each([
    ["CN", { CN: ["00:00:00:00:00:00:00:2a"] }],
    ["CN", { CN: ["000000000000002A"] }],
    ["CN", { CN: ["00-00-00-00-00-00-00-2A"] }],
    ["DNS", { DNS: ["switch.example", "000000000000002a.switches.example"] }],
    ["DNS", { DNS: ["00-00-00-00-00-00-00-2a.switches.example"] }],
    ["URI", { URI: ["dpid:00:00:00:00:00:00:00:2a"] }],
    ["URI", { URI: ["URN:DPID:000000000000002a"] }],
    ["ANY", { CN: ["switch"], DNS: ["switch.example"], URI: ["dpid:000000000000002a"] }],
  ] as const)("finds the datapath in %s %j", (field, given) => {
    expect(whyNotBound(field, names(given), DPID)).toBeUndefined();
  });

  it.each([
    ["CN", { CN: ["2a"] }],
    ["CN", { CN: ["000000000000002b"] }],
    ["CN", { CN: ["000000000000002a.example"] }],
    ["CN", { CN: ["x000000000000002a"] }],
    ["CN", { DNS: ["000000000000002a"] }],
    ["DNS", { DNS: ["x.000000000000002a"] }],
    ["DNS", { DNS: ['"000000000000002a"'] }],
    ["URI", { URI: ["000000000000002a"] }],
    ["URI", { URI: ["http://x/dpid:000000000000002a"] }],
    ["ANY", {}],
  ] as const)("does not find it in %s %j", (field, given) => {
    expect(whyNotBound(field, names(given), DPID)).toContain(`datapath_id ${DPID}`);
  });

  it("says what there is instead", () => {
    expect(whyNotBound("ANY", names({ CN: ['a"b'], DNS: ["s.example"] }), DPID)).toBe(
      `the certificate is for CN "a\\"b", DNS "s.example", the switch says datapath_id ${DPID}`,
    );
    expect(whyNotBound("CN", names({}), DPID)).toBe(
      `the certificate has no CN, the switch says datapath_id ${DPID}`,
    );
  });
});
