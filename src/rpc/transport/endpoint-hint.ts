// What is said of a text that is no endpoint: the forms there are, and the one that was probably meant.
import { suggest } from "../../base/index.js";
import { DEFAULT_RPC_ENDPOINT, type EndpointUse } from "./endpoint.js";

const FORMS: Readonly<Record<EndpointUse, readonly string[]>> = {
  listen: ["stdio", "unix:PATH", "ws://HOST:PORT/", "wss://HOST:PORT/", "fd:N", "systemd"],
  call: ["unix:PATH", "ws://HOST:PORT/", "wss://HOST:PORT/", "fd:N"],
};

/** What other programs call the schemes. */
const ALIASES: Readonly<Record<string, string>> = {
  http: "ws://",
  ws: "ws://",
  tcp: "ws://",
  https: "wss://",
  wss: "wss://",
  tls: "wss://",
  ssl: "wss://",
  unix: "unix:",
  fd: "fd:",
};

/** A sentence that follows the text: `is not an endpoint of RPC (did you mean unix:/x?); expected …`. */
export function formHint(place: string, use: EndpointUse): string {
  const guess = guessEndpoint(place);
  const hint = guess === undefined ? "" : ` (did you mean ${guess}?)`;
  const what = use === "listen" ? "an endpoint of RPC" : "an endpoint where a daemon can be called";
  return `this is not ${what}${hint}; expected ${FORMS[use].join(", ")}`;
}

function guessEndpoint(place: string): string | undefined {
  if (place === "") return DEFAULT_RPC_ENDPOINT;
  if (/^(localhost|[\d.]+|\[[0-9a-f:.]+\]):\d+$/i.test(place)) return `ws://${place}/`;
  if (/^[^:]*\/[^:]*$/.test(place)) return `unix:${place}`;
  const [, scheme = "", rest = ""] = /^([a-z]+):?\/*(.*)$/is.exec(place) ?? [];
  const form = ALIASES[scheme.toLowerCase()];
  if (form !== undefined && rest !== "") return form + rest;
  return suggest(scheme, ["stdio", "systemd"]) ?? ALIASES[suggest(scheme, ["unix", "ws", "wss", "fd"]) ?? ""];
}
