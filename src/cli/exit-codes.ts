/** Exit codes of the command line. The numbers are those of the C++ `oftr`, scripts depend on them. */
export const EXIT = {
  OK: 0,
  /** Bad option, unknown command, no command. */
  USAGE: 1,
  /** call, tap, record: the daemon has answered, by an error. */
  REFUSED: 1,
  /** The feature is not in this build or not on this platform. */
  UNSUPPORTED: 7,
  /** A well-formed option with a value that cannot be used: a bad packet filter, a missing directory. */
  ARGUMENT: 8,
  /** A file cannot be opened. */
  OPEN: 9,
  /** A message could not be encoded or decoded, or the RPC endpoint could not be opened. call, tap, record: there is no answer. */
  FAILED: 10,
  /** encode: the round trip failed. decode: a message was good although `--invert-check` expects bad ones. */
  CONTRARY: 11,
  /** encode: read error. decode: `--verify-output` found a difference. replay: there is one. */
  MISMATCH: 12,
  /** decode: the input ends inside a message. */
  SHORT_READ: 13,
  /** A defect of oftr itself: an error nobody caught (EX_SOFTWARE of sysexits.h). */
  INTERNAL: 70,
} as const;

/** What the codes mean, for people. */
export const EXIT_MEANINGS: readonly (readonly [code: number, meaning: string])[] = [
  [EXIT.OK, "all went well"],
  [EXIT.USAGE, "bad option, unknown command; call, tap, record: the answer is an error"],
  [EXIT.UNSUPPORTED, "the feature is not in this build, or needs a program that is not installed"],
  [EXIT.ARGUMENT, "the value of an option cannot be used"],
  [EXIT.OPEN, "a file cannot be opened; decode: or not be read"],
  [
    EXIT.FAILED,
    "a message could not be decoded or encoded; the output could not be written; jsonrpc: an endpoint cannot be opened; " +
      "call, tap, record: there is no answer; replay: there is no peer, or nothing to play",
  ],
  [
    EXIT.CONTRARY,
    "encode --roundtrip: what was encoded cannot be decoded; decode --invert-check: a message was good",
  ],
  [
    EXIT.MISMATCH,
    "decode --verify-output: the bytes differ; encode: a file cannot be read; replay: there is a difference",
  ],
  [EXIT.SHORT_READ, "decode: the input ends inside a message"],
  [EXIT.INTERNAL, "a defect of oftr"],
];
