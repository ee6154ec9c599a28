/** A recording that is played to a peer in memory, which the test speaks for. */
import {
  ignorePaths,
  makeScript,
  type RecordedMessage,
  Replay,
  type ReplayDifference,
  type ReplayResult,
} from "../../src/ops/index.js";
import { duplexPair, type End } from "../channel/duplex-pair.js";
import { FakeClock } from "../channel/fake-clock.js";

export const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
export const bytes = (hex: string): Buffer => Buffer.from(hex.replaceAll(" ", ""), "hex");
export const plain = (...frames: string[]): string[] => frames.map((frame) => frame.replaceAll(" ", ""));

/** A recording: milliseconds, sender (the controller or the switch), message in hex. */
export function record(session: readonly (readonly [number, "c" | "s", string])[]): RecordedMessage[] {
  return session.map(([at, sender, hex]) => ({ at, sender, bytes: bytes(hex) }));
}

/** What has come of it since `play`: `got` is what was sent to the peer since the last step of the test. */
export const seen = {
  clock: new FakeClock(),
  peer: undefined as unknown as End,
  got: [] as string[],
  differences: [] as ReplayDifference[],
  result: undefined as ReplayResult | undefined,
};

/** Begins to play one side. */
export async function play(
  messages: readonly RecordedMessage[],
  ours: "c" | "s",
  { speed = Number.POSITIVE_INFINITY, ignore = [] as readonly string[] } = {},
): Promise<void> {
  const as = ours === "s" ? "switch" : "controller";
  const [mine, peer] = duplexPair();
  Object.assign(seen, { clock: new FakeClock(), peer, got: [], differences: [], result: undefined });
  const settings = { as, speed, wait: 5000, ignored: ignorePaths(ignore) } as const;
  const replay = new Replay(makeScript(messages, "s", as), settings, seen.clock, (one) =>
    seen.differences.push(one),
  );
  peer.on("data", (chunk: Buffer) => {
    for (let o = 0; o < chunk.length; o += chunk.readUInt16BE(o + 2)) {
      seen.got.push(chunk.toString("hex", o, o + chunk.readUInt16BE(o + 2)));
    }
  });
  void replay.play(mine).then((one) => {
    seen.result = one;
  });
  await turn();
}

/** The peer says something, in one piece; what we say then. */
export async function say(...frames: string[]): Promise<string[]> {
  seen.got = [];
  seen.peer.write(Buffer.concat(frames.map(bytes)));
  await turn();
  await turn();
  return seen.got;
}

/** Time passes; what we say then. */
export async function pass(ms: number): Promise<string[]> {
  seen.got = [];
  seen.clock.advance(ms);
  await turn();
  await turn();
  return seen.got;
}
