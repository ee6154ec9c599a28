// Every setting of the daemon, once: command line, environment, file, `--help`, `--print-config` and the reference
// are made of this table.
import { LIMITS, readLimits } from "../base/index.js";
import { DEFAULT_RPC_ENDPOINT, FRAMING_NAMES, parseRpcEndpoint, type TraceTopic } from "../rpc/index.js";
import { parseHttpAddress } from "./http-address.js";
import { parseOpenFlowEndpoint } from "./openflow-endpoint.js";
import { choice, flag, many, number, readWord, type Setting, text, ValueError } from "./setting.js";

const DEFAULT_METRICS_ADDRESS = "127.0.0.1:9303";

const TOPICS = ["rpc", "msg"] as const satisfies readonly TraceTopic[];

/** The settings by name, which is the option, the key in the file and, in capitals behind OFTR_, the variable. */
export const SETTINGS = {
  config: text({
    value: "FILE",
    doc: "read settings from this YAML file; options and variables override it",
    outsideOnly: true,
  }),
  "print-config": flag({
    doc: "print the effective settings and their sources as a YAML file, and exit",
    outsideOnly: true,
  }),
  listen: many(
    {
      value: "ENDPOINT",
      doc: "serve any number of RPC clients at this endpoint instead of on stdin; may be repeated",
      bare: DEFAULT_RPC_ENDPOINT,
    },
    readRpcEndpoint,
  ),
  "rpc-socket": text({
    value: "FILE|FD",
    doc: "serve one client over this Unix socket or inherited descriptor",
  }),
  framing: choice({ doc: "how texts are separated on stdin and --rpc-socket", absent: "nul" }, FRAMING_NAMES),
  "binary-protocol": flag({
    doc: "same as --framing=binary: a four-byte header, LL LL LL F5, before each text",
  }),
  dialect: choice(
    {
      doc: "JSON-RPC as in the C++ oftr, or standard JSON-RPC 2.0",
      absent: "by framing: classic for nul and binary",
    },
    ["classic", "strict"],
  ),
  "token-file": text({
    value: "FILE",
    doc: "bearer tokens for WebSocket clients of endpoints that name no file; SIGHUP reloads it",
  }),
  openflow: many(
    {
      value: "ENDPOINT",
      doc: "listen for switches at tcp:ADDRESS:PORT or tls:ADDRESS:PORT; may be repeated",
    },
    parseOpenFlowEndpoint,
  ),
  "tls-cert": text({
    value: "FILE",
    doc: "our certificate, for --openflow=tls:; SIGHUP reloads it, its key, the password and the authorities",
  }),
  "tls-key": text({ value: "FILE", doc: "the key of --tls-cert" }),
  "tls-key-password-file": text({
    value: "FILE",
    doc: "the password of an encrypted --tls-key: the first line of the file",
  }),
  "tls-cacert": text({
    value: "FILE",
    doc: "authorities; switches must show a certificate signed by one of them",
  }),
  metrics: text(
    {
      value: "ADDR:PORT",
      doc: "serve HTTP at this address: /metrics for Prometheus, /healthz, /readyz",
      bare: DEFAULT_METRICS_ADDRESS,
    },
    parseHttpAddress,
  ),
  "metric-interval": number({ value: "MSEC", doc: "log metrics every MSEC milliseconds, at level info" }),
  limit: many(
    {
      value: "NAME=VALUE",
      words: Object.values(LIMITS).map(({ name }) => `${name}=`),
      doc: "change a limit (docs/reference/daemon.md); may be repeated",
      live: true,
      adds: true,
    },
    readLimit,
  ),
  loglevel: choice(
    {
      doc: "lowest level to log, on stderr",
      absent: "fatal; info with --listen",
      live: true,
    },
    ["none", "debug", "info", "warning", "error", "fatal"],
  ),
  logfile: text({ value: "FILE", doc: "append the log to FILE" }),
  trace: text(
    {
      value: "rpc,msg",
      words: [...TOPICS, TOPICS.join()],
      doc: "log RPC texts or OpenFlow messages, or both",
      live: true,
    },
    readTopics,
  ),
} as const satisfies Readonly<Record<string, Setting<unknown>>>;

/** The name of a setting. */
export type SettingName = keyof typeof SETTINGS;

/** A value for each setting. */
export type SettingValues = {
  readonly [N in SettingName]: (typeof SETTINGS)[N] extends Setting<infer T> ? T : never;
};

/** All names, in the order of the table. */
export const SETTING_NAMES = Object.keys(SETTINGS) as SettingName[];

/** The setting of this name. */
export function settingOf(name: SettingName): Setting<unknown> {
  return SETTINGS[name];
}

/** `OFTR_TLS_CERT` for `tls-cert`. */
export function variableOf(name: SettingName): string {
  return `OFTR_${name.toUpperCase().replaceAll("-", "_")}`;
}

/** Stays text: what an endpoint leaves open is settled by other settings. */
function readRpcEndpoint(given: string): string {
  parseRpcEndpoint(given, "listen");
  return given;
}

function readTopics(list: string): TraceTopic[] {
  return list
    .split(",")
    .filter((word) => word !== "")
    .map((word) => readWord(word, TOPICS));
}

function readLimit(given: string): readonly [name: string, value: string] {
  const equals = given.indexOf("=");
  if (equals < 1) throw new ValueError(`'${given}' is not NAME=VALUE`);
  const pair = [given.slice(0, equals), given.slice(equals + 1)] as const;
  readLimits([pair]);
  return pair;
}
