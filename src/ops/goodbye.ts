// How clients are parted from.
import type { Clock } from "../channel/index.js";
import type { RpcTransport } from "../rpc/index.js";

/**
 * Sends what is queued for each client and closes. Resolves when all have it, or when `patience` milliseconds are over:
 * who has not read it by then does not get it.
 */
export async function sayGoodbye(
  transports: readonly RpcTransport[],
  clock: Clock,
  patience: number,
): Promise<void> {
  for (const transport of transports) transport.close();
  let stop = (): void => undefined;
  const tooLate = new Promise<void>((resolve) => {
    stop = clock.after(patience, resolve);
  });
  await Promise.race([Promise.all(transports.map(({ closed }) => closed)), tooLate]);
  stop();
  for (const transport of transports) transport.destroy();
}
