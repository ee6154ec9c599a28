import { describe, expect, it } from "vitest";
import {
  ALL_VERSIONS,
  formatVersionRange,
  isVersion,
  parseVersion,
  parseVersionRange,
  type Version,
  versionBits,
  versionName,
  versionsOfBits,
} from "../../src/base/index.js";

describe("versions", () => {
  it("have the names 1.0 to 1.5 for the wire numbers 1 to 6", () => {
    expect(ALL_VERSIONS.map(versionName)).toEqual(["1.0", "1.1", "1.2", "1.3", "1.4", "1.5"]);
    expect(["1.0", "1.3", "1.5"].map(parseVersion)).toEqual([1, 4, 6]);
    expect(["1.6", "1", "", "01.0", "1.0 "].map(parseVersion)).toEqual(Array(5).fill(undefined));
  });

  it("are the integers 1 to 6", () => {
    expect([0, 1, 6, 7, 1.5, "1", undefined, 4n].map(isVersion)).toEqual([
      false,
      true,
      true,
      false,
      false,
      false,
      false,
      false,
    ]);
  });

  it("become bits of the HELLO bitmap and come back", () => {
    expect(versionBits([1, 4])).toBe(0b10010);
    expect(versionsOfBits(0b10010)).toEqual([1, 4]);
    expect(versionsOfBits(0xffffff81)).toEqual([]);
  });
});

describe("version ranges", () => {
  it.each<[string, Version[] | undefined]>([
    ["1.0", [1]],
    ["1.1-1.3", [2, 3, 4]],
    ["1.4+", [5, 6]],
    ["1.0+", [1, 2, 3, 4, 5, 6]],
    ["all", [1, 2, 3, 4, 5, 6]],
    ["1.3-1.3", [4]],
    ["1.3-1.1", undefined],
    ["1.3-", undefined],
    ["-1.3", undefined],
    ["1.1-1.3+", undefined],
    ["1.6+", undefined],
    ["+", undefined],
    ["", undefined],
    ["ALL", undefined],
  ])("reads %j", (text, versions) => {
    expect(parseVersionRange(text)).toEqual(versions);
  });

  it.each<[Version[], string]>([
    [[], "none"],
    [[1], "1.0"],
    [[4, 2, 3], "1.1-1.3"],
    [[5, 6], "1.4+"],
    [[6], "1.5"],
    [[1, 3, 5, 6], "1.0, 1.2, 1.4+"],
    [[1, 2, 3, 4, 5, 6], "all"],
  ])("writes %j as %j", (versions, text) => {
    expect(formatVersionRange(versions)).toBe(text);
  });
});
