/** The commands of `oftr`. Each one's code is loaded when it is needed. */
import type { Command } from "./command.js";

/** A command, before it is loaded. */
export interface CommandEntry {
  readonly name: string;
  /** What it does, in some words. */
  readonly summary: string;
  readonly load: () => Promise<{ readonly run: Command }>;
}

/** All commands, in the order in which `oftr --help` lists them. */
export const COMMANDS: readonly CommandEntry[] = [
  { name: "decode", summary: "OpenFlow bytes to JSON or YAML", load: () => import("./decode.js") },
  { name: "encode", summary: "JSON or YAML to OpenFlow bytes", load: () => import("./encode.js") },
  {
    name: "jsonrpc",
    summary: "the daemon: JSON-RPC on stdin and stdout, OpenFlow to the switches",
    load: () => import("./jsonrpc.js"),
  },
  { name: "call", summary: "one RPC to a daemon that runs", load: () => import("./call.js") },
  {
    name: "tap",
    summary: "what goes over the connections of a daemon, live",
    load: () => import("./tap.js"),
  },
  {
    name: "record",
    summary: "what goes over OpenFlow connections, into a file",
    load: () => import("./record.js"),
  },
  {
    name: "replay",
    summary: "a recorded connection, played back as the switch or as the controller",
    load: () => import("./replay.js"),
  },
  {
    name: "help",
    summary: "what messages, fields and actions look like",
    load: () => import("./help.js"),
  },
  {
    name: "demo",
    summary: "the daemon at work with a simulated switch, for people",
    load: () => import("./demo.js"),
  },
  {
    name: "completion",
    summary: "completion of command lines for bash, zsh and fish",
    load: () => import("./completion.js"),
  },
];
