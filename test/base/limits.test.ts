import { describe, expect, it } from "vitest";
import {
  countLimitHit,
  DEFAULT_LIMITS,
  LIMITS,
  type LimitKey,
  limitHits,
  readLimits,
} from "../../src/base/index.js";

const KEYS = Object.keys(LIMITS) as LimitKey[];

function refusal(name: string, value: string): string {
  try {
    readLimits([[name, value]]);
  } catch (error) {
    return (error as Error).message;
  }
  return "accepted";
}

describe("the table of limits", () => {
  it("has a default within each range, and a name that is its key in kebab case", () => {
    for (const key of KEYS) {
      const { name, default: value, min, max, doc } = LIMITS[key];
      expect(name).toBe(key.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`));
      expect([name, value >= min && value <= max]).toEqual([name, true]);
      expect(doc).toMatch(/^[A-Z].*\.$/);
      expect(DEFAULT_LIMITS[key]).toBe(value);
    }
  });
});

describe("readLimits", () => {
  it("reads what is given and keeps the rest", () => {
    expect(readLimits([])).toEqual(DEFAULT_LIMITS);
    expect(
      readLimits([
        ["clients", "3"],
        ["clients", "7"],
        ["frame-bytes", "2000"],
      ]),
    ).toEqual({ ...DEFAULT_LIMITS, clients: 7, frameBytes: 2000 });
    expect(readLimits([["clients", "3"]], { ...DEFAULT_LIMITS, yamlDepth: 20 })).toEqual({
      ...DEFAULT_LIMITS,
      clients: 3,
      yamlDepth: 20,
    });
  });

  it.each([
    ["early-bytes", "64K", 65_536],
    ["early-bytes", "2MiB", 2_097_152],
    ["early-bytes", "2 mb", 2_097_152],
    ["early-bytes", "1G", 1_073_741_824],
    ["early-bytes", "100b", 100],
    ["handshake-time", "3s", 3000],
    ["handshake-time", "250ms", 250],
    ["handshake-time", "2min", 120_000],
    ["handshake-time", "700", 700],
  ])("reads %s: %s as %d", (name, text, value) => {
    const key = KEYS.find((one) => LIMITS[one].name === name) as LimitKey;
    expect(readLimits([[name, text]])[key]).toBe(value);
  });

  it.each([
    ["frame-byte", "1", "there is no limit 'frame-byte' (did you mean frame-bytes?)"],
    ["", "1", "there is no limit ''"],
    ["frameBytes", "2000", "there is no limit 'frameBytes' (did you mean frame-bytes?)"],
    ["frame-bytes", "65536", "limit frame-bytes: '65536' is not 1024 to 65535 bytes"],
    ["frame-bytes", "1", "limit frame-bytes: '1' is not 1024 to 65535 bytes"],
    ["frame-bytes", "2s", "limit frame-bytes: '2s' is not bytes, such as 65536 or 16M"],
    ["handshake-time", "5h", "limit handshake-time: '5h' is not a time, such as 5000 or 5s"],
    ["clients", "1K", "limit clients: '1K' is not a number"],
    ["clients", "-1", "limit clients: '-1' is not a number"],
    ["clients", "1e3", "limit clients: '1e3' is not a number"],
    ["clients", "", "limit clients: '' is not a number"],
    ["clients", "0x10", "limit clients: '0x10' is not a number"],
    ["clients", "99999999999999999999", "limit clients: '99999999999999999999' is not a number"],
  ])("refuses %s: '%s'", (name, text, message) => {
    expect(refusal(name, text)).toBe(message);
  });
});

describe("countLimitHit", () => {
  it("counts for one limit", () => {
    const before = { ...limitHits };
    countLimitHit("clients");
    countLimitHit("clients");
    expect(limitHits).toEqual({ ...before, clients: before.clients + 2 });
  });
});
