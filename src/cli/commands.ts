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
  { name: "decode", summary: "translate OpenFlow bytes to YAML or JSON", load: () => import("./decode.js") },
  { name: "encode", summary: "translate YAML or JSON to OpenFlow bytes", load: () => import("./encode.js") },
  {
    name: "jsonrpc",
    summary: "run the daemon: JSON-RPC for controllers, OpenFlow for switches",
    load: () => import("./jsonrpc.js"),
  },
  { name: "call", summary: "send one RPC to a running daemon", load: () => import("./call.js") },
  {
    name: "tap",
    summary: "watch the OpenFlow messages of a running daemon",
    load: () => import("./tap.js"),
  },
  {
    name: "record",
    summary: "record OpenFlow connections in a file",
    load: () => import("./record.js"),
  },
  {
    name: "replay",
    summary: "play a recorded connection back, as the switch or as the controller",
    load: () => import("./replay.js"),
  },
  {
    name: "help",
    summary: "show messages, fields and actions",
    load: () => import("./help.js"),
  },
  {
    name: "demo",
    summary: "demonstrate the daemon with a simulated switch",
    load: () => import("./demo.js"),
  },
  {
    name: "completion",
    summary: "print a completion script for bash, zsh or fish",
    load: () => import("./completion.js"),
  },
];
