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
  let over = false;
  const write = (): void => {
    if (over) return;
    try {
      writeOutput(output, writer.take());
    } catch (error) {
      if (error instanceof OutputFailed) complain(error.message);
      else if (!(error instanceof OutputGone)) throw error;
      over = true;
      finish(error instanceof OutputGone ? EXIT.OK : EXIT.FAILED);
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
  try {
    const where = await proxy.listen(listen);
    tell(`recording what is passed on from ${formatEndpoint(where)} to ${target}`);
  } catch (error) {
    if (!(error instanceof SystemError)) throw error;
    complain(`cannot listen at ${formatEndpoint(listen)}: ${error.message}`);
    return EXIT.FAILED;
  }
  const release = onStop(seconds, () => finish(EXIT.OK));
  try {
    return await done;
  } finally {
    release();
    proxy.close();
  }
}
