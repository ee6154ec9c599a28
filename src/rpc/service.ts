// The daemon without its transports: channels, methods, clients.
import { DEFAULT_LIMITS, type Limits, log } from "../base/index.js";
import { type Clock, Identities, Registry } from "../channel/index.js";
import { type ClientFacts, STDIO } from "./client.js";
import { Dispatcher } from "./dispatcher.js";
import type { Service } from "./method.js";
import { METHODS, SEND } from "./methods/index.js";
import { Notifier } from "./notify.js";
import { RequestCounts } from "./request-counts.js";
import { Session } from "./session.js";
import { Taps } from "./taps.js";
import { messageTracer } from "./trace.js";
import type { RpcTransport } from "./transport/transport.js";

/** What the daemon says of itself in OFP.DESCRIPTION. */
export interface GatewayOptions {
  readonly clock: Clock;
  /** Version of the program. */
  readonly softwareDescription: string;
  /** What peers may make the daemon hold. Asked when it matters, so that it can change. */
  readonly limits?: () => Limits;
}

/** OpenFlow connections on one side, RPC clients on the other. */
export class Gateway {
  readonly service: Service;
  readonly #dispatcher = new Dispatcher(METHODS, SEND);

  constructor({ clock, softwareDescription, limits = () => DEFAULT_LIMITS }: GatewayOptions) {
    const notifier = new Notifier(clock, limits);
    const registry = new Registry(notifier, clock, limits);
    const taps = new Taps(registry, messageTracer());
    notifier.watch(registry);
    const requests = new RequestCounts([...METHODS, SEND].map(({ name }) => name));
    const identities = new Identities();
    this.service = { clock, identities, limits, notifier, registry, requests, softwareDescription, taps };
  }

  /** Serves a client. Resolves when it has ended and all its requests are answered; the transport is open then. */
  serve(transport: RpcTransport, facts: ClientFacts = STDIO): Promise<void> {
    const { notifier, taps } = this.service;
    return new Promise((resolve) => {
      const client = notifier.add(transport, facts);
      const { kind, remote } = facts;
      log.debug({ client: client.id, kind, ...(remote === undefined ? {} : { remote }) }, "client connected");
      new Session(transport, client, this.#dispatcher, this.service, () => {
        taps.remove(client);
        notifier.remove(client);
        log.debug({ client: client.id }, "client gone");
        resolve();
      }).start();
    });
  }

  /**
   * Closes all connections and listeners. Clients stay. Resolves when the errors of the requests that this has ended are sent.
   * @param tell  with a CHANNEL_DOWN for each channel, behind those errors, and then what each client has missed
   */
  async close(tell = false): Promise<void> {
    const { registry, notifier } = this.service;
    registry.close(tell);
    await Promise.all(
      Array.from(notifier.clients, async (client) => {
        await client.repliesSent();
        if (tell) client.report();
      }),
    );
  }
}
