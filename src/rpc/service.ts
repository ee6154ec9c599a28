// The daemon without its transports: channels, methods, clients.
import { type Clock, Identities, Registry } from "../channel/index.js";
import { Dispatcher } from "./dispatcher.js";
import type { Service } from "./method.js";
import { METHODS, SEND } from "./methods/index.js";
import { Notifier } from "./notify.js";
import { Session } from "./session.js";
import { messageTracer } from "./trace.js";
import type { RpcTransport } from "./transport/transport.js";

/** What the daemon says of itself in OFP.DESCRIPTION. */
export interface GatewayOptions {
  readonly clock: Clock;
  /** Name and version of the program. */
  readonly softwareDescription: string;
}

/** OpenFlow connections on one side, RPC clients on the other. */
export class Gateway {
  readonly service: Service;
  readonly #dispatcher = new Dispatcher(METHODS, SEND);

  constructor({ clock, softwareDescription }: GatewayOptions) {
    const notifier = new Notifier(clock);
    const registry = new Registry(notifier, clock);
    registry.onTraffic = messageTracer();
    notifier.pace.watch(registry);
    this.service = { clock, identities: new Identities(), notifier, registry, softwareDescription };
  }

  /** Serves a client. Resolves when it has ended and all its requests are answered; the transport is open then. */
  serve(transport: RpcTransport): Promise<void> {
    return new Promise((resolve) => new Session(transport, this.#dispatcher, this.service, resolve).start());
  }

  /** Closes all connections and listeners. Clients are not told, and stay. */
  close(): void {
    this.service.registry.close();
  }
}
