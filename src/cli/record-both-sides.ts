/** `oftr record` between a switch and a controller. */
import { type Endpoint, formatEndpoint, SystemError, systemClock } from "../channel/index.js";
import { type ProxiedConnection, RecordProxy } from "../ops/index.js";
import { type Conversation, ConversationWriter } from "../pcap/index.js";
import { EXIT } from "./exit-codes.js";
import { complain, tell } from "./failures.js";
import { type Output, OutputFailed, OutputGone, writeOutput } from "./output.js";
import { onStop } from "./stop-signals.js";
import { VERSION } from "./version.js";

/** Where connections come from and go to. */
export interface BothSides {
  readonly listen: Endpoint;
  readonly connect: Endpoint;
}

/** Passes connections on and records them until a signal comes or the time is over. Gives the exit code. */
export async function recordBothSides(
  { listen, connect }: BothSides,
  output: Output,
  seconds: number | undefined,
): Promise<number> {
  const target = formatEndpoint(connect);
  const writer = new ConversationWriter({
    program: `oftr ${VERSION}`,
    name: "oftr",
    description: `Connections that oftr has passed on to ${target}; the headers of Ethernet, IP and TCP are made up, but for addresses and ports`,
  });
  const conversations = new Map<ProxiedConnection, Conversation>();
  let finish: (code: number) => void = () => undefined;
  const done = new Promise<number>((resolve) => {
    finish = resolve;
  });
  let failed = false;
  const write = (): void => {
    // Also what cannot be written any more is taken: it shall not pile up.
    const bytes = writer.take();
    if (failed) return;
    try {
      writeOutput(output, bytes);
    } catch (error) {
      // Who reads a recording ends it by going away. A disk that is full is not to cut switches off.
      if (error instanceof OutputGone) finish(EXIT.OK);
      else if (!(error instanceof OutputFailed)) throw error;
      else {
        failed = true;
        complain(error.message);
        if (conversations.size > 0) tell("record: connections are passed on, but no longer recorded");
      }
    }
  };
  const proxy = new RecordProxy(connect, systemClock(), {
    onOpen(connection, time) {
      const { client, server } = connection;
      const conversation = { client, server, clientIsRemote: true };
      conversations.set(connection, conversation);
      writer.open(conversation, time);
      write();
    },
    onBytes(connection, from, bytes, time) {
      writer.add(conversations.get(connection) as Conversation, from, bytes, time);
      write();
    },
    onClose(connection, time) {
      writer.close(conversations.get(connection) as Conversation, time);
      conversations.delete(connection);
      write();
    },
    onNotice: (text) => tell(`record: ${text}`),
  });
  write();
  if (failed) return EXIT.FAILED;
  try {
    const where = await proxy.listen(listen);
    tell(`recording what is passed on from ${formatEndpoint(where)} to ${target}`);
  } catch (error) {
    if (!(error instanceof SystemError)) throw error;
    complain(`cannot listen at ${formatEndpoint(listen)}: ${error.message}`);
    return EXIT.FAILED;
  }
  const release = onStop(seconds, () => finish(failed ? EXIT.FAILED : EXIT.OK));
  try {
    return await done;
  } finally {
    release();
    proxy.close();
  }
}
