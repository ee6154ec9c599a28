import { once } from "node:events";
import { connect } from "node:net";
import { Worker } from "node:worker_threads";

/** More than the kernel keeps for who does not take them. */
const FILLERS = 8;

/** Opens a port of 127.0.0.1 where nobody is ever answered: its queue is full. No address outside is sure to be silent. */
export async function openDeafPort(): Promise<{
  readonly port: number;
  readonly close: () => Promise<unknown>;
}> {
  const worker = new Worker(
    `const server = require("node:net").createServer().listen({ port: 0, host: "127.0.0.1", backlog: 1 }, () => {
      require("node:worker_threads").parentPort.postMessage(server.address().port);
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
    });`,
    { eval: true },
  );
  const [port] = (await once(worker, "message")) as [number];
  const fillers = Array.from({ length: FILLERS }, () => connect(port, "127.0.0.1"));
  let connected = 0;
  await new Promise<void>((resolve) => {
    for (const one of fillers) {
      one.on("error", () => undefined);
      // Two fill a queue of one.
      one.once("connect", () => ++connected === 2 && resolve());
    }
  });
  const close = (): Promise<unknown> => {
    for (const one of fillers) one.destroy();
    return worker.terminate();
  };
  return { port, close };
}
