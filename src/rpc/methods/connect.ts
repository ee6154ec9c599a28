// OFP.CONNECT: connects to a switch that listens, once or again and again.
import type { ReconnectSettings } from "../../channel/index.js";
import { RequestError, withinLimits } from "../errors.js";
import { RECORDS } from "../gen/params.js";
import type { RpcMethod } from "../method.js";
import { checkMapping, type Param, param } from "../params.js";
import { readConnectionParams, readTime } from "./connection-params.js";

/** Seconds. */
const MAX_CONNECT_TIME = 3600;
const MAX_WAIT = 86_400;

/** Milliseconds: who tries more often than this keeps the peer busy. */
const MIN_WAIT = 100;

/** Milliseconds, for `reconnect: true` and for what it does not say. */
const RECONNECT: ReconnectSettings = { min: 1000, max: 30_000 };

export const connect: RpcMethod<"OFP.CONNECT"> = {
  name: "OFP.CONNECT",
  concurrent: true,
  async run(params, call) {
    const { identities, registry } = call.service;
    const given = readConnectionParams("OFP.CONNECT", params, identities);
    const { endpoint, options, mapping } = given;
    const timeout = readTime(param(mapping, "connect_timeout"), MAX_CONNECT_TIME);
    const reconnect = readReconnect(param(mapping, "reconnect"));
    const connId = await withinLimits(async () =>
      reconnect === undefined
        ? registry.connect(endpoint, options, { timeout })
        : registry.keepConnected(endpoint, options, { timeout, reconnect }),
    );
    return { conn_id: connId };
  },
};

/** `true`, or seconds as `{min, max}`; undefined when it is off. */
function readReconnect({ value, path }: Param): ReconnectSettings | undefined {
  if (value === undefined || value === null || value === false || value === "false") return undefined;
  if (value === true || value === "true") return RECONNECT;
  const mapping = checkMapping(value, path, RECORDS.Reconnect);
  const read = (key: string): number | undefined =>
    readTime({ value: mapping[key], path: [...path, key] }, MAX_WAIT);
  const min = read("min") ?? RECONNECT.min;
  const max = read("max") ?? Math.max(min, RECONNECT.max);
  if (min < MIN_WAIT)
    throw new RequestError([...path, "min"], `expected at least ${MIN_WAIT / 1000} seconds`);
  if (max < min) throw new RequestError([...path, "max"], "max is less than min");
  return { min, max };
}
