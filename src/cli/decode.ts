/** `oftr decode`: binary OpenFlow messages become JSON or YAML. */
import type { PacketFilter } from "../packet/index.js";
import { UsageError } from "./arguments.js";
import { DEFAULT_FILTER, isCaptureInput } from "./capture-input.js";
import { COLOR_OPTION, loadPainter } from "./color.js";
import { COMMON_OPTIONS, defineCommand } from "./command.js";
import type { CaptureDecoding, CaptureSettings } from "./decode-capture.js";
import { type DecodeSettings, loadDecoding } from "./decoding.js";
import { EXIT } from "./exit-codes.js";
import { complain, type ExitCode, systemReason, tell } from "./failures.js";
import type { Follower } from "./follow.js";
import { type Input, sizeOf } from "./input.js";
import { closeOutput, type Output, openOutput } from "./output.js";
import { SLICE_BYTES } from "./slices.js";
import { translate } from "./streams.js";

/** Threads of one run, at most: each takes some 50 MB, and beyond this the writing is what takes the time. */
const MOST_JOBS = 64;

/** Bytes of a file that is decoded by several threads without being asked: less is done before they are all at work. */
const LARGE_FILE = 64_000_000;

/** Options that say how messages are printed, or whether. */
const PRINTING = ["json-array", "ovs", "brief", "pair", "verify-output", "invert-check"] as const;

/** Runs `oftr decode` with the words after it; gives the exit code. */
export const run = defineCommand(
  {
    name: "decode",
    description: "Translates binary OpenFlow messages to YAML documents or JSON.",
    operands: "[FILE...]",
    options: {
      json: { kind: "flag", letter: "j", help: "print JSON, one object per line" },
      "json-array": { kind: "flag", help: "print one JSON array" },
      ovs: { kind: "flag", help: "print flows as ovs-ofctl does, one per line, and other messages as JSON" },
      brief: {
        kind: "flag",
        letter: "b",
        help: "print one line per message: time, direction, type, xid, contents; flows as with --ovs",
      },
      pair: {
        kind: "flag",
        letter: "p",
        help: "add _pair to each message: the request it answers, the latency, and the cause of an ERROR",
      },
      summary: {
        kind: "flag",
        help: "print statistics instead of messages: counts, ERRORs, latencies, senders of PACKET_INs; with -j as JSON",
      },
      hex: { kind: "flag", letter: "x", help: "read hexadecimal text or a hex dump instead of bytes" },
      "keep-going": { kind: "flag", letter: "k", help: "continue after a message that cannot be decoded" },
      "msg-include": {
        kind: "text",
        value: "LIST",
        completes: "message types",
        help: "print only these types: names or patterns such as 'PORT_*', separated by commas",
      },
      "msg-exclude": {
        kind: "text",
        value: "LIST",
        completes: "message types",
        help: "omit these types",
      },
      "verify-output": {
        kind: "flag",
        letter: "V",
        help: "encode each printed message again, and fail if the bytes differ",
      },
      "invert-check": {
        kind: "flag",
        letter: "v",
        help: "print nothing, and fail if a message can be decoded",
      },
      "pkt-decode": {
        kind: "flag",
        help: "decode the packets in PACKET_IN and PACKET_OUT: match fields as _pkt, payloads such as DNS or tunnels as _pkt_payload",
      },
      "pkt-full": {
        kind: "flag",
        help: "as --pkt-decode, with the rest of the headers as _pkt_more, and ICMP bodies",
      },
      "pkt-filter": {
        kind: "text",
        value: "FILTER",
        help: "print PACKET_IN and PACKET_OUT only if their packet matches, in tcpdump's language",
      },
      "pkt-write-file": {
        kind: "text",
        value: "FILE",
        help: "write the packets in PACKET_IN and PACKET_OUT to a capture file",
      },
      "pcap-format": {
        kind: "choice",
        choices: ["auto", "yes", "no"],
        help: "whether files are captures; auto (default): if they start like one",
      },
      "pcap-filter": {
        kind: "text",
        value: "FILTER",
        help: `read only these packets of captures, in tcpdump's language (default '${DEFAULT_FILTER}'; '' for all)`,
      },
      "pcap-device": {
        kind: "text",
        value: "INTERFACE",
        help: "capture from a network interface with tcpdump or dumpcap, until Ctrl-C",
      },
      follow: {
        kind: "flag",
        letter: "f",
        help: "keep reading a growing file, even if it is replaced, until Ctrl-C",
      },
      "tls-keylog": {
        kind: "text",
        value: "FILE",
        help: "keys of TLS connections in captures, in the format of SSLKEYLOGFILE; needs tshark",
      },
      "show-filename": { kind: "flag", help: "add the file name to each message, as _file" },
      timestamp: {
        kind: "choice",
        choices: ["none", "secs"],
        help: "secs: add the arrival time to each message from a pipe, as time",
      },
      silent: { kind: "flag", letter: "s", help: "print no messages" },
      "silent-error": {
        kind: "flag",
        help: "do not report invalid messages, except by the exit code",
      },
      jobs: {
        kind: "number",
        value: "N",
        min: 1,
        max: MOST_JOBS,
        help: "number of decoding threads (default: one per core for files of 64 MB or more)",
      },
      output: { kind: "text", letter: "o", value: "FILE", help: "write to FILE instead of stdout" },
      ...COLOR_OPTION,
      ...COMMON_OPTIONS,
    },
    groups: {
      "Form of the output": [
        "json",
        "json-array",
        "ovs",
        "brief",
        "pair",
        "summary",
        "show-filename",
        "timestamp",
      ],
      "Choice of messages": ["msg-include", "msg-exclude"],
      "Packets in messages": ["pkt-decode", "pkt-full", "pkt-filter", "pkt-write-file"],
      Captures: ["pcap-format", "pcap-filter", "pcap-device", "tls-keylog"],
    },
  },
  async (options, operands) => {
    if (options["invert-check"] && options["verify-output"])
      throw new UsageError("decode: --invert-check prints nothing that --verify-output could check");
    if (options.ovs && (options.json || options["json-array"] || options["verify-output"]))
      throw new UsageError("decode: --ovs prints no JSON, and --verify-output cannot check it");
    if (options.ovs && options.pair && !options.brief)
      throw new UsageError("decode: --ovs has no place for what --pair tells; --brief --pair has");
    if (options.brief && (options.json || options["json-array"] || options["verify-output"]))
      throw new UsageError(
        "decode: --brief prints lines for people, not what --json, --json-array and --verify-output are about",
      );
    const printing = PRINTING.find((name) => options[name]);
    if (options.summary && printing !== undefined)
      throw new UsageError(`decode: --summary prints no messages, which is what --${printing} is about`);
    const followed = options.follow ? operands[0] : undefined;
    if (options.follow && (followed === undefined || followed === "-" || operands.length > 1))
      throw new UsageError(
        "decode: --follow is about one file; standard input is read as it comes without it",
      );
    const wanted = options["pkt-filter"];
    const packetFilter = wanted === undefined ? undefined : await compileFilter("pkt-filter", wanted);
    if (typeof packetFilter === "number") return packetFilter;
    const device = options["pcap-device"];
    if (device !== undefined && operands.length > 0) {
      complain(`--pcap-device=${device} and files cannot be read in one run`);
      return EXIT.ARGUMENT;
    }
    const chosen = await chooseCaptured(options["pcap-filter"] ?? DEFAULT_FILTER);
    if (typeof chosen === "number") return chosen;
    const capture = openCapture(options["pkt-write-file"]);
    if (typeof capture === "number") return capture;
    const settings: DecodeSettings = {
      style: options.ovs ? "ovs" : options["json-array"] ? "array" : options.json ? "lines" : "yaml",
      hex: options.hex,
      verify: options["verify-output"],
      invert: options["invert-check"],
      packets:
        options.brief || options.summary
          ? "fields"
          : options["pkt-full"]
            ? "full"
            : options["pkt-decode"]
              ? "payload"
              : undefined,
      packetFilter: packetFilter?.program,
      capture,
      brief: options.brief,
      pair: options.pair,
      summary: options.summary,
      showFilename: options["show-filename"],
      include: options["msg-include"] ?? "",
      exclude: options["msg-exclude"] ?? "",
    };
    // Hexadecimal text starts like no capture.
    const captureWish = options["pcap-format"] ?? (options.hex ? "no" : "auto");
    const studies = options.brief || options.pair || options.summary;
    const study = studies ? await (await import("./study.js")).Study.load() : undefined;
    const makeDecoding = await loadDecoding(settings, study);
    const follower = followed === undefined ? undefined : await followFile(followed);
    if (typeof follower === "number") return follower;
    const captureSettings: CaptureSettings = { ...chosen, keylog: options["tls-keylog"], follower };
    const code = await translate(
      {
        operands,
        output: options.output,
        silent: options.silent,
        silentError: options["silent-error"],
        keepGoing: options["keep-going"],
        readFailed: EXIT.OPEN,
        follower,
      },
      async (write, output) => {
        const form = formOf(settings);
        const paint = form === undefined ? undefined : await loadPainter(options.color, form, output);
        const decoding = makeDecoding(paint === undefined ? write : (bytes) => write(paint(bytes)));
        decoding.begin();
        let captures: CaptureDecoding | undefined;
        return {
          async takeOver(input, failures, progress) {
            if (device !== undefined || isCaptureInput(input, captureWish)) {
              const { CaptureDecoding } = await import("./decode-capture.js");
              captures ??= new CaptureDecoding(captureSettings, decoding, failures, progress);
              if (device === undefined) await captures.read(input);
              else await captures.readLive(device);
              return true;
            }
            // Threads would mix the frames of a capture file, and what is studied has to come in order; they do not colour.
            const jobs =
              settings.hex ||
              capture !== undefined ||
              study !== undefined ||
              paint !== undefined ||
              follower !== undefined
                ? 1
                : await jobsFor(input, options.jobs);
            if (jobs < 2) return false;
            decoding.flush();
            const { decodeByJobs } = await import("./jobs.js");
            await decodeByJobs({ jobs, decoding, input, output, failures, progress });
            return true;
          },
          open(input, failures, counter) {
            // Bytes in a file have been there for long; when they came is not known.
            const live = options.timestamp === "secs" && sizeOf(input) === undefined;
            return decoding.open({ name: input.name, offset: 0, live }, failures, counter);
          },
          endAll() {
            captures?.end();
            if (options.pair) for (const line of study?.unansweredLines() ?? []) tell(line);
          },
          flush: () => decoding.flush(),
          finish: () => decoding.finish(),
        };
      },
    );
    follower?.release();
    if (capture !== undefined) closeOutput(capture);
    return code;
  },
);

/** What the text looks like that is printed, for colours; undefined where it has none. */
function formOf({ brief, summary, style }: DecodeSettings): "brief" | "yaml" | "json" | undefined {
  if (brief) return "brief";
  if (style === "lines" || style === "array") return "json";
  return style === "yaml" && !summary ? "yaml" : undefined;
}

/** What reads a file that is being written; the exit code when it is told why that cannot be. */
async function followFile(name: string): Promise<Follower | ExitCode> {
  const { canFollow, Follower } = await import("./follow.js");
  if (canFollow(name)) return new Follower(name);
  complain(`${name} is no file on a disk, as --follow needs one`);
  return EXIT.ARGUMENT;
}

/** What to read of captures; the exit code when it is told why that cannot be. */
async function chooseCaptured(
  filter: string,
): Promise<Pick<CaptureSettings, "filter" | "packets"> | ExitCode> {
  if (filter === DEFAULT_FILTER) return { filter, packets: "ports" };
  if (filter === "") return { filter, packets: "all" };
  const packets = await compileFilter("pcap-filter", filter);
  return typeof packets === "number" ? packets : { filter, packets };
}

/** A packet filter; the exit code when it is told why there is none. */
async function compileFilter(option: string, text: string): Promise<PacketFilter | ExitCode> {
  const { compilePacketFilter, PacketFilterError } = await import("../packet/index.js");
  try {
    return await compilePacketFilter(text);
  } catch (error) {
    if (!(error instanceof PacketFilterError)) throw error;
    complain(`for the -${option} option: '${text}': ${error.message}`);
    return error.code === "MISSING" ? EXIT.UNSUPPORTED : EXIT.ARGUMENT;
  }
}

/** The open capture file; the exit code when it is told why there is none. */
function openCapture(name: string | undefined): Output | undefined | ExitCode {
  if (name === undefined) return undefined;
  try {
    return openOutput(name);
  } catch (error) {
    complain(`opening file for packets ${name}: ${systemReason(error)}`);
    return EXIT.OPEN;
  }
}

/** How many threads an input is worth. */
async function jobsFor(input: Input, wanted: number | undefined): Promise<number> {
  // What is left of stdin, when it is a file, is not known.
  const size = input.name === "-" ? undefined : sizeOf(input);
  if (size === undefined || wanted === 1) return 1;
  const jobs = wanted ?? (size < LARGE_FILE ? 1 : Math.min(await cores(), MOST_JOBS));
  return Math.min(jobs, Math.ceil(size / SLICE_BYTES));
}

async function cores(): Promise<number> {
  return (await import("node:os")).availableParallelism();
}
