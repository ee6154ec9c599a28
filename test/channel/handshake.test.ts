// The handshake as a table: events in, effects out. No sockets, no clock.
import { describe, expect, it } from "vitest";
import {
  HANDSHAKE_START,
  type HandshakeEffect,
  type HandshakeEvent,
  type HandshakeOptions,
  stepHandshake,
} from "../../src/channel/index.js";

const hex = (text: string): Buffer => Buffer.from(text.replaceAll(" ", ""), "hex");

const OPTIONS: HandshakeOptions = { versions: [1, 4], features: true, checkVersion: true, maxParts: 256 };
const OUR_HELLO = "send 04000010000000000001000800000012";
const FEATURES_REQUEST = "send 0405000800000001";
const PORT_DESC_REQUEST = "send 0412001000000002000d000000000000";

const HELLO = "0400000800000007";
const FEATURES_REPLY = "04060020 00000001 0000000000000005 00000100 fe 00 0000 0000004f 00000000";
const FEATURES_REPLY_AUX = FEATURES_REPLY.replace("fe 00", "fe 01");
/** port 1, 02:00:00:00:00:01, "p1" */
const port = (n: string): string =>
  `000000${n} 00000000 0200000000${n} 0000 70${n}${"00".repeat(14)} ${"00000000".repeat(8)}`;
const portDesc = (more: boolean, ...ports: string[]): string => {
  const length = (16 + 64 * ports.length).toString(16).padStart(4, "0");
  return `0413${length} 00000002 000d 000${more ? 1 : 0} 00000000 ${ports.map(port).join("")}`;
};

/** One line for each effect. */
function show(effect: HandshakeEffect): string {
  switch (effect.do) {
    case "send":
    case "defer":
      return `${effect.do} ${effect.frame.toString("hex")}`;
    case "wait":
      return `wait ${effect.step}`;
    case "up": {
      const { version, features } = effect;
      if (features === undefined) return `up ${version}`;
      const ports = features.ports.map((p) => (p as { port_no: number }).port_no);
      return `up ${version} ${features.datapath_id} aux ${features.auxiliary_id} ports ${ports.join(",")}`;
    }
    case "foreign":
      return `foreign ${effect.message} [${effect.frame.toString("hex")}]`;
    case "alert":
    case "fail":
      return `${effect.do} ${effect.reason}: ${effect.message} [${Buffer.from(effect.data).toString("hex")}]`;
  }
}

/** Runs events from the start; a string is a frame. Gives the effects after the last of them. */
function run(options: HandshakeOptions, ...events: (string | HandshakeEvent["type"])[]): string[] {
  let state = HANDSHAKE_START;
  let effects: readonly HandshakeEffect[] = [];
  for (const event of ["open", ...events]) {
    const step =
      event === "open" || event === "timeout"
        ? stepHandshake(options, state, { type: event })
        : stepHandshake(options, state, { type: "frame", frame: hex(event) });
    state = step.state;
    effects = step.effects;
  }
  return effects.map(show);
}

describe("the handshake", () => {
  it("begins with our HELLO", () => {
    expect(run(OPTIONS)).toEqual([OUR_HELLO, "wait hello"]);
  });

  it("is over with the peer's HELLO when features are not asked for", () => {
    expect(run({ ...OPTIONS, features: false }, HELLO)).toEqual(["up 4"]);
  });

  it("asks for features, then ports, and joins all parts of the answer", () => {
    expect(run(OPTIONS, HELLO)).toEqual([FEATURES_REQUEST, "wait features"]);
    expect(run(OPTIONS, HELLO, FEATURES_REPLY)).toEqual([PORT_DESC_REQUEST, "wait ports"]);
    expect(run(OPTIONS, HELLO, FEATURES_REPLY, portDesc(true, "01", "02"))).toEqual(["wait ports"]);
    expect(run(OPTIONS, HELLO, FEATURES_REPLY, portDesc(true, "01", "02"), portDesc(false, "03"))).toEqual([
      "up 4 00:00:00:00:00:00:00:05 aux 0 ports 1,2,3",
    ]);
  });

  it("has the ports from FEATURES_REPLY in 1.0", () => {
    const p = `0001 020000000001 7031${"00".repeat(14)} ${"00000000".repeat(6)}`;
    const reply = `01060050 00000001 0000000000000005 00000100 01 000000 00000087 00000fff ${p}`;
    expect(run(OPTIONS, "0100000800000007", reply)).toEqual(["up 1 00:00:00:00:00:00:00:05 aux 0 ports 1"]);
  });

  it("asks 1.1 and 1.2 for PORT_DESC only when FEATURES_REPLY lists no port, and takes no for an answer", () => {
    const options = { ...OPTIONS, versions: [3] as const };
    const hello = "0300000800000007";
    const withPort = `03060060 00000001 0000000000000005 00000100 fe 000000 0000004f 00000000 ${port("01")}`;
    expect(run(options, hello, withPort)).toEqual(["up 3 00:00:00:00:00:00:00:05 aux 0 ports 1"]);
    const withoutPort = FEATURES_REPLY.replace("0406", "0306");
    expect(run(options, hello, withoutPort)).toEqual(["send 0312001000000002000d000000000000", "wait ports"]);
    expect(run(options, hello, withoutPort, "0301000c 00000002 0001 0002")).toEqual([
      "up 3 00:00:00:00:00:00:00:05 aux 0 ports ",
    ]);
  });

  it("asks an auxiliary connection for no ports", () => {
    expect(run(OPTIONS, HELLO, FEATURES_REPLY_AUX)).toEqual(["up 4 00:00:00:00:00:00:00:05 aux 1 ports "]);
  });

  it("answers echoes, after a version is agreed on", () => {
    const echo = "0402000a 00000009 abcd";
    expect(run(OPTIONS, echo)).toEqual(["defer 0402000a00000009abcd"]);
    expect(run(OPTIONS, HELLO, echo)).toEqual(["send 0403000a00000009abcd"]);
    expect(run(OPTIONS, HELLO, FEATURES_REPLY, echo)).toEqual(["send 0403000a00000009abcd"]);
  });

  it("puts off what is for the controller", () => {
    const packetIn = "040a0020 00000000 ffffffff 0000 00 00 0000000000000000 0001 0004 00000000";
    const deferred = [`defer ${packetIn.replaceAll(" ", "")}`];
    expect(run(OPTIONS, HELLO, packetIn)).toEqual(deferred);
    expect(run(OPTIONS, HELLO, FEATURES_REPLY, packetIn)).toEqual(deferred);
    const ownEcho = "04020010 00000009 5f5f4f4654525f5f";
    expect(run(OPTIONS, HELLO, ownEcho)).toEqual([`defer ${ownEcho.replaceAll(" ", "")}`]);
    const otherReply = "04130010 00000005 0003 0000 00000000";
    expect(run(OPTIONS, HELLO, FEATURES_REPLY, otherReply)).toEqual([
      `defer ${otherReply.replaceAll(" ", "")}`,
    ]);
  });

  it("says HELLO_FAILED and why when there is no common version", () => {
    const reason = "Incompatible OpenFlow version: 2 [] Supported versions: [1, 4]";
    const data = Buffer.from(reason).toString("hex");
    const length = (12 + reason.length).toString(16).padStart(4, "0");
    for (const features of [true, false]) {
      expect(run({ ...OPTIONS, features }, "0200000800000007")).toEqual([
        `send 0401${length}0000000700000000${data}`,
        `fail HELLO_INCOMPATIBLE: ${reason} [0200000800000007]`,
      ]);
    }
  });

  it.each([
    ["HELLO", "HELLO_TIMEOUT", []],
    ["FEATURES_REPLY", "FEATURES_TIMEOUT", [HELLO]],
    ["PORT_DESC_REPLY", "PORT_DESC_TIMEOUT", [HELLO, FEATURES_REPLY]],
  ])("fails when no %s comes in time", (what, reason, before) => {
    expect(run(OPTIONS, ...before, "timeout")).toEqual([`fail ${reason}: Handshake timeout: no ${what} []`]);
  });

  it("fails at once when a request is answered with ERROR", () => {
    const error = (xid: string): string => `0401000c 000000${xid} 0001 0005`;
    expect(run(OPTIONS, HELLO, error("01"))).toEqual([
      "fail FEATURES_REFUSED: FEATURES_REQUEST was answered with ERROR BAD_REQUEST OFPBRC_EPERM [0401000c0000000100010005]",
    ]);
    expect(run(OPTIONS, HELLO, FEATURES_REPLY, error("02"))).toEqual([
      "fail PORT_DESC_REFUSED: PORT_DESC_REQUEST was answered with ERROR BAD_REQUEST OFPBRC_EPERM [0401000c0000000200010005]",
    ]);
    expect(run(OPTIONS, HELLO, error("63"))).toEqual(["defer 0401000c0000006300010005"]);
  });

  it("fails when the peer refuses our HELLO, in whatever version it says so", () => {
    const refusal = "0101000e 00000000 0000 0000 6e6f";
    expect(run(OPTIONS, refusal)).toEqual([
      "fail HELLO_REFUSED: HELLO was answered with ERROR HELLO_FAILED OFPHFC_INCOMPATIBLE: no [0101000e00000000000000006e6f]",
    ]);
    expect(run(OPTIONS, HELLO, refusal)[0]).toContain("HELLO_FAILED");
    expect(run(OPTIONS, "0701000c 00000000 0000 0000")).toEqual([
      "fail HELLO_REFUSED: HELLO was answered with an ERROR that cannot be decoded [0701000c0000000000000000]",
    ]);
  });

  it("goes on when a message is of another version, and tells of it unless versions are not checked", () => {
    const foreign = "01150008 00000009";
    expect(run(OPTIONS, HELLO, foreign)).toEqual([
      "foreign Invalid OpenFlow message header: version 1, not 4 as agreed; message type 21 is not delivered [0115000800000009]",
    ]);
    expect(run({ ...OPTIONS, checkVersion: false }, HELLO, foreign)).toEqual(["defer 0115000800000009"]);
    expect(run(OPTIONS, HELLO, foreign, FEATURES_REPLY)).toEqual([PORT_DESC_REQUEST, "wait ports"]);
  });

  it("takes symmetric messages in any version", () => {
    expect(run(OPTIONS, HELLO, "01020008 00000001")).toEqual(["send 0103000800000001"]);
    const error = "0101000c 00000063 0001 0005";
    expect(run(OPTIONS, HELLO, error)).toEqual([`defer ${error.replaceAll(" ", "")}`]);
    expect(run(OPTIONS, HELLO, "0101000c 00000001 0001 0005")[0]).toContain("fail FEATURES_REFUSED");
  });

  it("takes answers of any version when versions are not checked", () => {
    const options = { ...OPTIONS, checkVersion: false };
    const p = `0001 020000000001 7031${"00".repeat(14)} ${"00000000".repeat(6)}`;
    const reply = `01060050 00000001 0000000000000005 00000100 01 000000 00000087 00000fff ${p}`;
    expect(run(options, HELLO, reply)).toEqual(["up 4 00:00:00:00:00:00:00:05 aux 0 ports 1"]);
    const ports = portDesc(false, "07").replace("0413", "0313");
    expect(run(options, HELLO, FEATURES_REPLY, ports)).toEqual([
      "up 4 00:00:00:00:00:00:00:05 aux 0 ports 7",
    ]);
  });

  it("is up without ports when a switch says that it does not know PORT_DESC, and tells of it", () => {
    for (const code of ["0001", "0002"]) {
      const [up, alert] = run(OPTIONS, HELLO, FEATURES_REPLY, `0401000c 00000002 0001 ${code}`);
      expect(up).toBe("up 4 00:00:00:00:00:00:00:05 aux 0 ports ");
      expect(alert).toMatch(
        /^alert PORT_DESC_REFUSED: PORT_DESC_REQUEST was answered with ERROR BAD_REQUEST OFPBRC_BAD_(TYPE|MULTIPART); the channel is up without ports \[0401/,
      );
    }
  });

  it("fails when a peer knows only its own version and says so instead of a HELLO", () => {
    expect(run(OPTIONS, "0101000c 00000000 0001 0000")).toEqual([
      "fail HELLO_REFUSED: HELLO was answered with ERROR BAD_REQUEST OFPBRC_BAD_VERSION [0101000c0000000000010000]",
    ]);
    expect(run(OPTIONS, "0101000c 00000000 0001 0001")).toEqual(["defer 0101000c0000000000010001"]);
  });

  it("fails when the datapath id is zero", () => {
    const zero = FEATURES_REPLY.replace("0000000000000005", "0000000000000000");
    expect(run(OPTIONS, HELLO, zero)[0]).toContain(
      "fail DATAPATH_ID_ZERO: FEATURES_REPLY has datapath_id 0 [0406",
    );
  });

  it("fails when an answer cannot be decoded", () => {
    expect(run(OPTIONS, HELLO, "0406000c 00000001 00000000")[0]).toMatch(
      /^fail DECODE_FAILED: DECODE FAILED: FEATURES_REPLY/,
    );
    expect(run(OPTIONS, HELLO, FEATURES_REPLY, "04130014 00000002 000d 0000 00000000 00000000")[0]).toMatch(
      /^fail DECODE_FAILED: DECODE FAILED: /,
    );
  });

  it("fails when PORT_DESC never ends", () => {
    const parts = Array.from({ length: 256 }, () => portDesc(true, "01"));
    expect(run(OPTIONS, HELLO, FEATURES_REPLY, ...parts.slice(1))).toEqual(["wait ports"]);
    expect(run(OPTIONS, HELLO, FEATURES_REPLY, ...parts)).toEqual([
      "fail PORT_DESC_LIMIT: PORT_DESC_REPLY has more than 256 parts (limit handshake-parts) []",
    ]);
  });

  it("does nothing after it has failed, or when it is up", () => {
    expect(run(OPTIONS, "timeout", HELLO)).toEqual([]);
    expect(run({ ...OPTIONS, features: false }, HELLO, HELLO)).toEqual([]);
    expect(run({ ...OPTIONS, features: false }, HELLO, "timeout")).toEqual([]);
  });
});
