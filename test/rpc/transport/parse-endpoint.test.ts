import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  EndpointError,
  formatRpcEndpoint,
  parseRpcEndpoint,
  type RpcEndpoint,
} from "../../../src/rpc/index.js";

const listen = (text: string): RpcEndpoint => parseRpcEndpoint(text, "listen");
const call = (text: string): RpcEndpoint => parseRpcEndpoint(text, "call");

const PLAIN_WS = {
  kind: "websocket",
  secure: false,
  cert: undefined,
  key: undefined,
  keyPasswordFile: undefined,
  cacert: undefined,
  tokenFile: undefined,
  origins: [],
  dialect: "strict",
};

describe("parseRpcEndpoint", () => {
  it.each<[string, object]>([
    ["stdio", { kind: "stdio", framing: "nul", dialect: "classic" }],
    ["stdio,framing=line", { kind: "stdio", framing: "line", dialect: "strict" }],
    [
      "unix:/run/oftr.sock",
      { kind: "unix", path: "/run/oftr.sock", mode: 0o600, framing: "line", dialect: "strict" },
    ],
    [
      "unix:s,framing=nul,mode=0660",
      { kind: "unix", path: "s", mode: 0o660, framing: "nul", dialect: "classic" },
    ],
    [
      "unix:s,mode=666,framing=binary",
      { kind: "unix", path: "s", mode: 0o666, framing: "binary", dialect: "classic" },
    ],
    [
      "unix:a,,b=c,framing=content-length,dialect=classic",
      { kind: "unix", path: "a,b=c", mode: 0o600, framing: "content-length", dialect: "classic" },
    ],
    ["fd:3", { kind: "fd", fd: 3, framing: "line", dialect: "strict" }],
    ["fd:0,framing=binary,dialect=strict", { kind: "fd", fd: 0, framing: "binary", dialect: "strict" }],
    ["systemd", { kind: "systemd", name: undefined, framing: "line", dialect: "strict" }],
    ["systemd,name=rpc,framing=nul", { kind: "systemd", name: "rpc", framing: "nul", dialect: "classic" }],
    ["ws://127.0.0.1:8653/", { ...PLAIN_WS, host: "127.0.0.1", port: 8653, path: "/" }],
    ["ws://localhost:0", { ...PLAIN_WS, host: "localhost", port: 0, path: "/" }],
    [
      "ws://[::1]:65535/a/b,dialect=classic,token-file=/t",
      { ...PLAIN_WS, host: "::1", port: 65535, path: "/a/b", dialect: "classic", tokenFile: "/t" },
    ],
    [
      "wss://0.0.0.0:443/,cert=c.pem,key=k.pem,key-password-file=p,cacert=ca.pem,origin=https://A.example:443/,origin=http://b:8080",
      {
        ...PLAIN_WS,
        secure: true,
        host: "0.0.0.0",
        port: 443,
        path: "/",
        cert: "c.pem",
        key: "k.pem",
        keyPasswordFile: "p",
        cacert: "ca.pem",
        origins: ["https://a.example", "http://b:8080"],
      },
    ],
  ])("reads %s for a listener", (text, expected) => {
    expect(listen(text)).toEqual(expected);
  });

  it("reads what clients need", () => {
    expect(call("wss://gw.example:8653/rpc,cacert=ca.pem,token-file=t")).toEqual({
      ...PLAIN_WS,
      secure: true,
      host: "gw.example",
      port: 8653,
      path: "/rpc",
      cacert: "ca.pem",
      tokenFile: "t",
    });
    expect(call("unix:s,framing=nul")).toMatchObject({ path: "s", framing: "nul" });
    expect(call("fd:3")).toMatchObject({ fd: 3 });
  });

  it.each([
    [
      "",
      "'': this is not an endpoint of RPC (did you mean ws://127.0.0.1:8653/?); expected stdio, unix:PATH, ws://HOST:PORT/, wss://HOST:PORT/, fd:N, systemd",
    ],
    ["/run/x", "/run/x: this is not an endpoint of RPC (did you mean unix:/run/x?); expected stdio, "],
    ["./x", "(did you mean unix:./x?)"],
    ["127.0.0.1:8653", "(did you mean ws://127.0.0.1:8653/?)"],
    ["http://h:1/", "(did you mean ws://h:1/?)"],
    ["tls:h:1", "(did you mean wss://h:1?)"],
    ["WS://h:1", "(did you mean ws://h:1?)"],
    ["unx:/x", "(did you mean unix:?)"],
    ["stdin", "(did you mean stdio?)"],
    ["stdio:", "(did you mean stdio?)"],
    ["unix", "(did you mean unix:?)"],
    ["toString:x", "toString:x: this is not an endpoint of RPC; expected"],
    ["a\0b", "a\\u0000b: this is not an endpoint"],
    ["unix:a\0b", "unix:a\\u0000b: this is not an endpoint"],
    ["unix:", "unix:: a path is missing: unix:PATH"],
    ["unix:@x", "unix:@x: abstract sockets are open to all users; a path is expected"],
    [`unix:${"é".repeat(54)}`, "the path has 108 bytes; that of a socket has at most 107"],
    [
      "unix:x,mode=800",
      "unix:x, option 'mode': '800' is not a mode of three octal digits, such as 0600 or 0660",
    ],
    [
      "unix:x,mod=600",
      "unix:x, option 'mod': unix has no such option (did you mean mode?); its options are framing, dialect, mode",
    ],
    ["unix:x,mode", "unix:x, option 'mode': a value is missing: mode=VALUE"],
    ["unix:x,,,mode=", "unix:x,, option 'mode': a value is missing: mode=VALUE"],
    ["unix:x,", "unix:x, option '''': unix has no such option"],
    ["unix:x,framing=nul,framing=nul", "unix:x, option 'framing': it is given twice"],
    [
      "unix:x,framing=lines",
      "option 'framing': 'lines' is unknown (did you mean line?); expected nul, binary, line, content-length",
    ],
    ["unix:x,dialect=2.0", "option 'dialect': '2.0' is unknown; expected classic, strict"],
    ["unix:x,token-file=t", "unix has no such option, only ws and wss; its options"],
    ["stdio,name=x", "stdio has no such option; its options are framing, dialect"],
    ["fd:x", "fd:x: the number of a descriptor is expected: fd:3"],
    ["ws://h", "ws://h: the port is missing: ws://h:8653/"],
    ["ws://[::1]/x", "the port is missing: ws://[::1]:8653/x"],
    ["ws:127.0.0.1:1", "this is no address of a WebSocket; expected ws://HOST:PORT/"],
    ["ws://:1/", "this is no address of a WebSocket"],
    ["ws://u@h:1/", "this is no address of a WebSocket"],
    ["ws://h:1/?q", "this is no address of a WebSocket"],
    ["ws://::1:1/", "this is no address of a WebSocket"],
    [
      "ws://[h]:1/",
      "'[h]' is no address and no name of a host; expected ws://HOST:PORT/, an IPv6 address in brackets",
    ],
    ["ws://1.2.3:1/", "'1.2.3' is no address"],
    ["ws://127.0.0.256:1/", "'127.0.0.256' is no address"],
    ["ws://h:65536/", "65536 is no port; 0 to 65535 are"],
    ["ws://h:1/,cert=c", "ws has no such option, only wss; its options are token-file, dialect, origin"],
    ["wss://h:1/", "wss://h:1/: a certificate is missing: wss://HOST:PORT/,cert=FILE,key=FILE"],
    ["wss://h:1/,cert=c", "wss://h:1/: the key of cert is missing: key=FILE"],
    [
      "ws://h:1/,origin=https://a/path",
      "option 'origin': 'https://a/path' is no origin; expected https://HOST or https://HOST:PORT",
    ],
    ["ws://h:1/,origin=*", "'*' is no origin"],
    ["ws://h:1/,origin=file:///x", "is no origin"],
  ])("refuses %j for a listener", (text, message) => {
    expect(() => listen(text)).toThrow(EndpointError);
    expect(() => listen(text)).toThrow(message);
  });

  it.each([
    ["stdio", "stdio: this is not an endpoint where a daemon can be called"],
    ["systemd", "expected unix:PATH, ws://HOST:PORT/, wss://HOST:PORT/, fd:N"],
    ["unix:x,mode=600", "unix has no such option"],
    ["ws://h:0/", "0 is no port; 1 to 65535 are"],
    ["ws://h:1/,origin=http://a", "ws has no such option"],
    ["wss://h:1/,key=k", "the certificate of key is missing: cert=FILE"],
  ])("refuses %j for a client", (text, message) => {
    expect(() => call(text)).toThrow(message);
  });

  it("throws nothing but EndpointError, in lines that can be shown", () => {
    const word = fc.constantFrom(
      "unix:",
      "ws://",
      "wss://",
      "fd:",
      "stdio",
      ",",
      ",,",
      "=",
      "framing",
      "mode",
      "[::1]",
      ":1",
    );
    const texts = fc.array(fc.oneof(word, fc.string({ unit: "binary" }))).map((parts) => parts.join(""));
    fc.assert(
      fc.property(fc.oneof(texts, fc.string({ unit: "binary", maxLength: 500 })), (text) => {
        try {
          listen(text);
        } catch (error) {
          expect(error).toBeInstanceOf(EndpointError);
          expect((error as Error).message.length).toBeLessThan(700);
          expect((error as Error).message).not.toMatch(/[\0-\x1f]/);
        }
      }),
    );
  });
});

describe("formatRpcEndpoint", () => {
  it.each(["stdio", "unix:/run/x", "fd:7", "systemd", "ws://[::1]:80/", "ws://h:1/a"])(
    "writes %s",
    (text) => {
      expect(formatRpcEndpoint(listen(text))).toBe(text);
    },
  );

  it("leaves options out", () => {
    expect(formatRpcEndpoint(listen("wss://h:1,cert=c,key=k"))).toBe("wss://h:1/");
  });
});
