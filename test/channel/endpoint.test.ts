import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { formatEndpoint, NO_ENDPOINT, parseEndpoint } from "../../src/channel/endpoint.js";

describe("parseEndpoint", () => {
  it.each([
    ["127.0.0.1:6653", "127.0.0.1", 6653],
    ["127.0.0.1.6653", "127.0.0.1", 6653],
    ["127.0.0.1 6653", "127.0.0.1", 6653],
    [" 127.0.0.1 : 6653 ", "127.0.0.1", 6653],
    ["127.000.000.001:6653", "127.0.0.1", 6653],
    ["127.0.0.1:010", "127.0.0.1", 10],
    ["[::1]:6653", "::1", 6653],
    ["[::1].6653", "::1", 6653],
    ["[127.0.0.1]:6653", "127.0.0.1", 6653],
    ["::1.6653", "::1", 6653],
    ["::1:6653", "::1", 6653],
    ["6653", "", 6653],
    [":6653", "", 6653],
    [".6653", "", 6653],
    ["[]:6653", "", 6653],
    ["[::ffff:127.0.0.1]:6653", "127.0.0.1", 6653],
    ["fe80::1%2.6653", "fe80::1%2", 6653],
    ["1.2.3.4:65535", "1.2.3.4", 65535],
  ])("reads %j", (text, host, port) => {
    expect(parseEndpoint(text)).toEqual({ host, port });
  });

  it.each([
    "",
    "127.0.0.1",
    "127.0.0.1:0",
    "127.0.0.1:65536",
    "127.0.0.1:0x10",
    "127.0.0.1:+5",
    "*:6653",
    "localhost:6653",
    "tcp:127.0.0.1:6653",
    "127.1:6653",
    "256.0.0.1:6653",
    "fe80::1%eth0.6653",
    "2001:db8::1%2.6653",
    "null",
    "[::1:6653",
  ])("refuses %j", (text) => {
    expect(parseEndpoint(text)).toBeUndefined();
  });

  it("refuses long texts at once", () => {
    expect(parseEndpoint(`1${" ".repeat(1 << 20)}x`)).toBeUndefined();
  });

  it("never throws", () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        const endpoint = parseEndpoint(text);
        if (endpoint !== undefined) expect(endpoint.port).toBeGreaterThan(0);
      }),
    );
  });

  it("reads what formatEndpoint writes", () => {
    const ports = fc.integer({ min: 1, max: 65535 });
    fc.assert(
      fc.property(fc.ipV4(), ports, (host, port) => {
        expect(parseEndpoint(formatEndpoint({ host, port }))).toEqual({ host, port });
      }),
    );
  });
});

describe("formatEndpoint", () => {
  it.each([
    ["127.0.0.1", 6653, "127.0.0.1:6653"],
    ["::1", 6653, "[::1]:6653"],
    ["", 6653, "[::]:6653"],
    ["::ffff:10.0.0.1", 1, "10.0.0.1:1"],
  ])("writes %j port %i as %j", (host, port, text) => {
    expect(formatEndpoint({ host, port })).toBe(text);
  });

  it("writes what is not there as any address and port 0", () => {
    expect(formatEndpoint(NO_ENDPOINT)).toBe("[::]:0");
  });
});
