import { describe, expect, it } from "vitest";
import {
  formatDatapathId,
  formatHex,
  formatIPv4,
  formatIPv6,
  formatMac,
  formatU64,
} from "../../src/text/index.js";

describe("format functions", () => {
  const b = Buffer.from("20010db8000000000000000000000001ffffffffffffffff", "hex");

  it("give plain strings", () => {
    expect(formatMac(b, 10)).toBe("00:00:00:00:00:01");
    expect(formatIPv4(b, 1)).toBe("1.13.184.0");
    expect(formatIPv6(b, 0)).toBe("2001:db8::1");
    expect(formatDatapathId(b, 8)).toBe("00:00:00:00:00:00:00:01");
    expect(formatDatapathId(Buffer.alloc(8), 0)).toBe("");
    expect(formatU64(b, 16)).toBe("18446744073709551615");
    expect(formatHex(b, 14)).toBe("0001FFFFFFFFFFFFFFFF");
    expect(formatHex(b, 1, 3)).toBe("010D");
  });

  it("take data of any length", () => {
    expect(formatHex(Buffer.alloc(100_000))).toBe("00".repeat(100_000));
  });
});
