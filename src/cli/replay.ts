/** `oftr replay`: a recorded connection is played back to a living switch or controller, and differences are told. */
import type { Server, Socket } from "node:net";
import {
  connectTcp,
  type Endpoint,
  formatEndpoint,
  listenerEndpoint,
  listenTcp,
  SystemError,
  systemClock,
} from "../channel/index.js";
import { findSwitch, ignorePaths, makeScript, Replay, type Side, type Step } from "../ops/index.js";
import { UsageError } from "./arguments.js";
import { defineCommand } from "./command.js";
import { EXIT } from "./exit-codes.js";
import { complain, tell } from "./failures.js";
import { IgnoreAdvice } from "./ignore-advice.js";
import { OutputGone, openOutput, writeOutput } from "./output.js";
import { RecordingError, readRecording } from "./recording.js";
import { formatDifference, formatDifferenceJson, formatResult } from "./replay-report.js";
import { splitList } from "./split-list.js";
import { onStop } from "./stop-signals.js";
import { readTcpEndpoint } from "./tcp-endpoint.js";

/** Seconds that a message of the peer may be late. */
const WAIT = 5;

/** Milliseconds until a connection must be there. */
const CONNECT_TIMEOUT = 10_000;

const HELLO = "HELLO";

export const run = defineCommand(
  {
    name: "replay",
    description:
      "Plays one side of a recorded OpenFlow connection to a live switch or controller, and compares the peer's messages with the " +
      "recording. FILE was written by 'oftr record', or is any other capture (pcap, pcapng).\n" +
      "A message is sent once everything before it in the recording has arrived. Values that one side chooses and the " +
      "other repeats (transaction ids, buffer_id, bundle_id, hw_addr of ports and others) are those of the live peer. " +
      "Echoes are answered, not compared. Messages of the peer that do not depend on each other may come in another order.\n" +
      "The exit code is 0 without a difference, 12 with one.",
    operands: "FILE",
    completes: ["files"],
    options: {
      as: { kind: "choice", choices: ["switch", "controller"], help: "the side to play" },
      connect: { kind: "text", value: "tcp:ADDRESS:PORT", help: "connect to the other side at this address" },
      listen: { kind: "text", value: "tcp:ADDRESS:PORT", help: "wait at this address for the other side" },
      conn: {
        kind: "number",
        value: "N",
        min: 1,
        help: "which connection of FILE to play; optional if there is only one",
      },
      speed: {
        kind: "text",
        value: "N|max",
        help: "speed relative to the recording; max: without pauses (default 1)",
      },
      wait: {
        kind: "number",
        value: "SECONDS",
        min: 1,
        max: 86_400,
        help: `how late a message of the other side may come (default ${WAIT})`,
      },
      ignore: {
        kind: "text",
        value: "LIST",
        help:
          "values that may differ, separated by commas: paths without indices, such as msg.cookie, msg.match.value or msg.*duration*; " +
          "counters: what grows with time and traffic; identity: the addresses, datapath_id and serial number of a switch",
      },
      json: {
        kind: "flag",
        letter: "j",
        help: "print differences and the result as JSON, one object per line",
      },
    },
  },
  async (options, [file, ...more]) => {
    if (file === undefined || more.length > 0)
      throw new UsageError("replay: one FILE is expected.  Try: 'replay -help'");
    const { as, connect, listen, wait = WAIT, json } = options;
    if (as === undefined) throw new UsageError("replay: --as switch or --as controller is needed");
    if ((connect === undefined) === (listen === undefined))
      throw new UsageError(
        "replay: one of --connect and --listen is needed: the address of the other side, or where to wait for it",
      );
    const speed = readSpeed(options.speed ?? "1");
    const endpoint = readTcpEndpoint("replay", (connect ?? listen) as string);
    let script: readonly Step[];
    try {
      script = readScript(file, options.conn, as);
    } catch (error) {
      if (!(error instanceof RecordingError)) throw error;
      complain(error.message);
      return error.code;
    }
    const out = openOutput(undefined);
    const print = (line: string): void => writeOutput(out, Buffer.from(`${line}\n`));
    const settings = { as, speed, wait: wait * 1000, ignored: ignorePaths(splitList(options.ignore)) };
    const clock = systemClock();
    const advice = new IgnoreAdvice();
    const replay = new Replay(script, settings, clock, (difference) => {
      advice.add(difference);
      print(json ? formatDifferenceJson(difference) : formatDifference(difference, wait));
    });
    let socket: Socket | undefined;
    // Ctrl-C ends it as the end of the connection does: what was found until then counts.
    const release = onStop(undefined, () =>
      socket === undefined ? process.exit(EXIT.FAILED) : socket.destroy(),
    );
    try {
      socket = connect === undefined ? await waitForPeer(endpoint) : await reach(endpoint);
      const result = await replay.play(socket);
      print(json ? JSON.stringify(result) : formatResult(result));
      if (advice.text !== undefined) tell(`replay: ${advice.text}`);
      return result.differences === 0 ? EXIT.OK : EXIT.MISMATCH;
    } catch (error) {
      if (error instanceof OutputGone) return EXIT.FAILED;
      if (!(error instanceof SystemError)) throw error;
      complain(`${formatEndpoint(endpoint)}: ${error.message}`);
      return EXIT.FAILED;
    } finally {
      release();
    }
  },
);

function readScript(file: string, conn: number | undefined, as: Side): readonly Step[] {
  const { messages, connId } = readRecording(file, conn);
  const switchSide = findSwitch(messages);
  if (switchSide === undefined)
    throw new RecordingError(
      EXIT.FAILED,
      `${file}: connection ${connId}: no message tells which side is the switch`,
    );
  const script = makeScript(messages, switchSide, as);
  if (!script.some((step) => step.ours))
    throw new RecordingError(EXIT.FAILED, `${file}: connection ${connId}: the ${as} says nothing in it`);
  if (script.find((step) => step.ours)?.type !== HELLO)
    tell(
      `replay: the recording does not begin with the HELLO of the ${as}: it lacks how the connection begins`,
    );
  return script;
}

async function reach(endpoint: Endpoint): Promise<Socket> {
  const { socket, connected } = connectTcp(endpoint, systemClock(), CONNECT_TIMEOUT);
  await connected;
  return socket;
}

async function waitForPeer(endpoint: Endpoint): Promise<Socket> {
  let take: (socket: Socket) => void = () => undefined;
  const peer = new Promise<Socket>((resolve) => {
    take = resolve;
  });
  const server: Server = await listenTcp(endpoint, (socket) => take(socket));
  tell(`waiting for the other side at ${formatEndpoint(listenerEndpoint(server))}`);
  const socket = await peer;
  server.close();
  return socket;
}

function readSpeed(text: string): number {
  const speed = text === "max" ? Number.POSITIVE_INFINITY : /^\d*\.?\d+$/.test(text) ? Number(text) : 0;
  if (speed > 0) return speed;
  throw new UsageError(`replay: for the -speed option: '${text}' is neither a number above 0 nor max`);
}
