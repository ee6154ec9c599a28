// Where RPC clients come in: stdin and stdout or one socket, for one client, or endpoints for many.
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
  stdioTransport,
} from "../rpc/index.js";
import { LoneDoor } from "./lone-door.js";
import type { SettingValues } from "./settings.js";
import { openWideDoor } from "./wide-door.js";

/** The way in for clients. */
export interface RpcDoor {
  /** Settles when nobody is served there any more, and nobody will be. Rejects when nobody can come in. */
  readonly ended: Promise<void>;
  /** Reads certificates and tokens again; what cannot be read stays as it was, and is told in the log: false then. */
  reload(): boolean;
  /** Lets nobody in, sends what is queued and closes. Resolves when all is sent, or when `patience` milliseconds are over. */
  close(patience: number): Promise<void>;
}

/** What a door leads to. */
export interface Inside {
  readonly gateway: Gateway;
  readonly clock: Clock;
  readonly limits: () => Limits;
}

/** Opens the door that the configuration asks for. Rejects with EndpointError when an endpoint cannot be opened. */
export function openRpcDoor(values: SettingValues, inside: Inside): Promise<RpcDoor> {
  if (values.listen.length > 0) return openWideDoor(values, inside);
  return Promise.resolve(openLoneDoor(values, inside));
}

function openLoneDoor(values: SettingValues, inside: Inside): RpcDoor {
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
