// Where RPC clients come in: stdin and stdout, or one socket.
import type { Limits } from "../base/index.js";
import type { Clock } from "../channel/index.js";
import {
  acceptOne,
  type ClientFacts,
  dialectOf,
  type FramingName,
  type Gateway,
  inheritedTransport,
  makeFraming,
  type RpcTransport,
  stdioTransport,
} from "../rpc/index.js";
import type { SettingValues } from "./settings.js";

/** The way in for clients. */
export interface RpcDoor {
  /** Settles when nobody is served there any more, and nobody will be. Rejects when nobody can come in. */
  readonly ended: Promise<void>;
  /** Lets nobody in, sends what is queued and closes. Resolves when all is sent, or when `patience` milliseconds are over. */
  close(patience: number): Promise<void>;
}

/** What a door leads to. */
export interface Inside {
  readonly gateway: Gateway;
  readonly clock: Clock;
  readonly limits: () => Limits;
}

/** Opens the door that the configuration asks for. */
export function openRpcDoor(values: SettingValues, inside: Inside): RpcDoor {
  if (values.listen.length > 0) throw new Error("--listen is not in this build");
  const name: FramingName = values["binary-protocol"] ? "binary" : (values.framing ?? "nul");
  const framing = makeFraming(name, inside.limits);
  const where = values["rpc-socket"];
  const client = (kind: ClientFacts["kind"]): ClientFacts => ({
    kind,
    dialect: values.dialect ?? dialectOf(name),
    files: true,
    lone: true,
  });
  if (where === undefined) return new LoneDoor(inside, client("stdio"), () => stdioTransport(framing));
  if (/^\d+$/.test(where)) {
    return new LoneDoor(inside, client("descriptor"), () => inheritedTransport(Number(where), framing));
  }
  return new LoneDoor(inside, client("unix"), (cancel) => acceptOne(where, framing, cancel));
}

/** A door for one client; what it does ends with this client. */
class LoneDoor implements RpcDoor {
  readonly ended: Promise<void>;
  readonly #clock: Clock;
  readonly #cancel = new AbortController();
  #transport: RpcTransport | undefined;

  constructor(
    { gateway, clock }: Inside,
    facts: ClientFacts,
    open: (cancel: AbortSignal) => RpcTransport | Promise<RpcTransport | undefined>,
  ) {
    this.#clock = clock;
    const serve = async (): Promise<void> => {
      this.#transport = await open(this.#cancel.signal);
      if (this.#transport !== undefined) await gateway.serve(this.#transport, facts);
    };
    this.ended = serve();
  }

  async close(patience: number): Promise<void> {
    this.#cancel.abort();
    const transport = this.#transport;
    if (transport === undefined) return;
    transport.close();
    const tooLate = new Promise<void>((resolve) => this.#clock.after(patience, resolve));
    await Promise.race([transport.closed, tooLate]);
    transport.destroy();
  }
}
