import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { DEFAULT_LIMITS } from "../../src/base/index.js";
import {
  type Configuration,
  ConfigurationError,
  formatSource,
  printConfiguration,
  readConfiguration,
  SETTING_NAMES,
  type SettingName,
  settingOf,
  variableOf,
} from "../../src/ops/index.js";

let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "oftr-config-"));
});

afterAll(() => {
  rmSync(folder, { recursive: true });
});

function file(text: string, name = "oftr.yaml"): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

type Options = Partial<Record<SettingName, string | readonly string[]>>;

function read(options: Options, environment: Record<string, string> = {}): Promise<Configuration> {
  const given = Object.entries(options).map(([name, texts]) => [name, [texts].flat()] as const);
  return readConfiguration(new Map(given), environment);
}

async function refusal(options: Options, environment: Record<string, string> = {}): Promise<string> {
  try {
    await read(options, environment);
  } catch (error) {
    if (error instanceof ConfigurationError) return error.message.replaceAll(`${folder}/`, "");
    throw error;
  }
  return "accepted";
}

/** For each setting a text and the value that is meant by it. */
const EXAMPLES: Readonly<Record<string, readonly [text: string, value: unknown]>> = {
  listen: ["unix:/run/oftr.sock", ["unix:/run/oftr.sock"]],
  "rpc-socket": ["7", "7"],
  framing: ["line", "line"],
  "binary-protocol": ["1", true],
  dialect: ["strict", "strict"],
  "token-file": ["/etc/token", "/etc/token"],
  openflow: [
    "tcp:0.0.0.0:6653",
    [
      {
        text: "tcp:0.0.0.0:6653",
        tls: false,
        files: {},
        params: { endpoint: "0.0.0.0:6653", options: ["FEATURES_REQ"] },
      },
    ],
  ],
  "tls-cert": ["cert.pem", "cert.pem"],
  "tls-key": ["key.pem", "key.pem"],
  "tls-key-password-file": ["key.password", "key.password"],
  "tls-cacert": ["ca.pem", "ca.pem"],
  metrics: ["0.0.0.0:9303", { host: "0.0.0.0", port: 9303 }],
  "metric-interval": ["0x10", 16],
  limit: ["clients=3", [["clients", "3"]]],
  loglevel: ["warning", "warning"],
  logfile: ["/var/log/oftr", "/var/log/oftr"],
  trace: ["msg,rpc", ["msg", "rpc"]],
};

const NAMES = SETTING_NAMES.filter((name) => settingOf(name).outsideOnly !== true);

describe("a setting", () => {
  it("has an example below", () => {
    expect(Object.keys(EXAMPLES)).toEqual(NAMES);
  });

  it.each(NAMES)("%s is read from the command line, the environment and a file", async (name) => {
    const [text, value] = EXAMPLES[name] as readonly [string, unknown];
    const path = file(`${name}: ${JSON.stringify(text)}\n`);
    expect((await read({ [name]: text })).values[name]).toEqual(value);
    expect((await read({}, { [variableOf(name)]: text })).values[name]).toEqual(value);
    expect((await read({ config: path })).values[name]).toEqual(value);
    expect((await read({}, { OFTR_CONFIG: path })).values[name]).toEqual(value);
  });

  it("is taken from the command line first, then from the environment, then from the file", async () => {
    const config = file("loglevel: error\nlogfile: a\ntls-cert: b\n");
    const found = await read({ config, loglevel: "info" }, { OFTR_LOGLEVEL: "debug", OFTR_LOGFILE: "c" });
    expect(found.values).toMatchObject({ loglevel: "info", logfile: "c", "tls-cert": "b" });
    const sources = ["loglevel", "logfile", "tls-cert"].map((name) =>
      formatSource(found.entries.get(name as SettingName)?.[0]?.source as never),
    );
    expect(sources).toEqual(["command line", "OFTR_LOGFILE", `${config}:3`]);
  });

  it("has no value where nothing is given, nor from an empty variable", async () => {
    const { values, limits, entries } = await read({}, { OFTR_LISTEN: "", OFTR_LOGLEVEL: "" });
    expect(entries.size).toBe(0);
    expect(limits).toEqual(DEFAULT_LIMITS);
    expect(values).toMatchObject({ listen: [], "binary-protocol": false, loglevel: undefined, limit: [] });
  });
});

describe("a list", () => {
  it("has an element for each option, each word of a variable, each element in the file", async () => {
    const value = ["unix:/a", "unix:/b,framing=nul"];
    expect((await read({ listen: value })).values.listen).toEqual(value);
    expect((await read({}, { OFTR_LISTEN: "unix:/a  unix:/b,framing=nul" })).values.listen).toEqual(value);
    const config = file("listen:\n  - unix:/a\n  - unix:/b,framing=nul\n");
    expect((await read({ config })).values.listen).toEqual(value);
  });

  it("replaces that of a weaker source as a whole", async () => {
    const config = file("listen: [unix:/a, unix:/b]");
    expect((await read({ config, listen: "unix:/c" })).values.listen).toEqual(["unix:/c"]);
  });

  it("of limits has those of all sources, the stronger ones for the same name", async () => {
    const config = file("limit:\n  clients: 1\n  yaml-depth: 20\n  early-bytes: 2K\n");
    const { limits } = await read(
      { config, limit: ["clients=3"] },
      { OFTR_LIMIT: "clients=2 yaml-depth=30" },
    );
    expect(limits).toEqual({ ...DEFAULT_LIMITS, clients: 3, yamlDepth: 30, earlyBytes: 2048 });
  });

  it("stands for its usual value where it is empty in the file", async () => {
    const { values } = await read({ config: file("listen:\nmetrics:\nlogfile:\n") });
    expect(values).toMatchObject({
      listen: ["ws://127.0.0.1:8653/"],
      metrics: { host: "127.0.0.1", port: 9303 },
      logfile: undefined,
    });
  });
});

describe("what cannot be read", () => {
  it.each([
    [
      { loglevel: "infos" },
      "for the -loglevel option: Cannot find option named 'infos'! (did you mean info?)",
    ],
    [
      { framing: "xml" },
      "for the -framing option: Cannot find option named 'xml'! (expected: nul, binary, line, content-length)",
    ],
    [{ "metric-interval": "5s" }, "for the -metric-interval option: '5s' value invalid for uint argument!"],
    [
      { "binary-protocol": "maybe" },
      "for the -binary-protocol option: 'maybe' is invalid value for boolean argument! Try 0 or 1",
    ],
    [{ trace: "rpc,ms" }, "for the -trace option: Cannot find option named 'ms'! (did you mean msg?)"],
    [{ limit: "clients" }, "for the -limit option: 'clients' is not NAME=VALUE"],
    [
      { limit: ["clients=1", "client=2"] },
      "for the -limit option: there is no limit 'client' (did you mean clients?)",
    ],
    [{ limit: "clients=0" }, "for the -limit option: limit clients: '0' is not 1 to 65535"],
    [
      { metrics: "localhost:1" },
      "for the -metrics option: 'localhost:1' is not an IP address and a port, such as 127.0.0.1:9303",
    ],
    [
      { openflow: "6653" },
      "for the -openflow option: '6653': tcp:ADDRESS:PORT or tls:ADDRESS:PORT, then perhaps ,NAME=VALUE is expected",
    ],
    [
      { openflow: "tcp:switch:6653" },
      "for the -openflow option: 'tcp:switch:6653': 'switch:6653' is not an IP address and a port, such as 0.0.0.0:6653 or [::1]:6653",
    ],
    [
      { openflow: "tcp:6653,versions=1.6" },
      "for the -openflow option: 'tcp:6653,versions=1.6': versions: '1.6' is not 1.0 to 1.5, or a range 1.0-1.4",
    ],
    [{ openflow: "tcp:6653,cert=a" }, "for the -openflow option: 'tcp:6653,cert=a': cert is for tls: only"],
    [
      { openflow: "tcp:6653,endpoint=1" },
      "for the -openflow option: 'tcp:6653,endpoint=1': endpoint cannot be given here",
    ],
    [{ openflow: "tcp:6653,fast" }, "for the -openflow option: 'tcp:6653,fast': 'fast' is not NAME=VALUE"],
    [
      { openflow: "tcp:6653,version=1.3" },
      "for the -openflow option: 'tcp:6653,version=1.3': there is no parameter 'version' (did you mean versions?)",
    ],
    [
      { openflow: "tcp:6653,options=FEATURE_REQ" },
      "for the -openflow option: 'tcp:6653,options=FEATURE_REQ': options: unknown value \"FEATURE_REQ\" (did you mean FEATURES_REQ?)",
    ],
    [
      { openflow: "tcp:6653,echo-interval=soon" },
      "for the -openflow option: 'tcp:6653,echo-interval=soon': echo_interval: expected seconds above 0, at most 86400, found \"soon\"",
    ],
    [
      { openflow: ["tcp:6653", "tls:6654"] },
      "for the -openflow option: 'tls:6654': --tls-cert=FILE or ,cert=FILE is missing",
    ],
    [
      { openflow: "tls:6654", "tls-cert": "a.pem" },
      "for the -openflow option: 'tls:6654': --tls-key=FILE or ,key=FILE is missing",
    ],
    [
      { limit: "handshake-time=10" },
      "for the -limit option: limit handshake-time: '10' is not 100 to 3600000 ms",
    ],
  ] as const)("%j is an error of the command line", async (options, message) => {
    expect(await refusal(options)).toBe(message);
  });

  it("names the variable that it comes from", async () => {
    expect(await refusal({}, { OFTR_LOGLEVEL: "loud" })).toMatch(
      /^OFTR_LOGLEVEL: Cannot find option named 'loud'!/,
    );
  });

  it.each([
    [
      "loglevel: loud",
      "oftr.yaml:1:11: loglevel: Cannot find option named 'loud'! (expected: none, debug, info, warning, error, fatal)",
    ],
    ["a: 1", "oftr.yaml:1:1: there is no setting 'a'"],
    ["# x\n\nlogleve: info", "oftr.yaml:3:1: there is no setting 'logleve' (did you mean loglevel?)"],
    ["config: x", "oftr.yaml:1:1: 'config' has no place in a file"],
    ["print-config: 1", "oftr.yaml:1:1: 'print-config' has no place in a file"],
    [
      "limit:\n  clients: 1\n  clientz: 2",
      "oftr.yaml:3:3: limit: there is no limit 'clientz' (did you mean clients?)",
    ],
    ["limit:\n  clients: [1]", "oftr.yaml:2:3: limit: clients: one value is expected"],
    ["listen:\n  unix: 1", "oftr.yaml:2:3: listen: a list is expected"],
    ["listen:\n  - unix:/a\n  - [x]", "oftr.yaml:3:5: listen: a text is expected"],
    [
      "openflow:\n  - tcp:6653\n  - udp:6653",
      "oftr.yaml:3:5: openflow: 'udp:6653': tcp:ADDRESS:PORT or tls:ADDRESS:PORT, then perhaps ,NAME=VALUE is expected",
    ],
    ["loglevel: [info]", "oftr.yaml:1:11: loglevel: one value is expected"],
    ["- listen", "oftr.yaml:1:1: settings are expected, as NAME: VALUE"],
    ["loglevel: info\nloglevel: info", 'oftr.yaml:2:1: key "loglevel" stands here twice'],
    ["listen: [", /^oftr\.yaml:1:10: /],
  ])("%j is an error of the file, with its place", async (text, message) => {
    const told = await refusal({ config: file(text) });
    if (typeof message === "string") expect(told).toBe(message);
    else expect(told).toMatch(message);
  });

  it("may be the file itself", async () => {
    expect(await refusal({ config: join(folder, "nowhere.yaml") })).toMatch(
      /^cannot read .*nowhere.yaml: No such file or directory$/,
    );
    await expect(read({ config: join(folder, "nowhere.yaml") })).rejects.toMatchObject({ code: "FILE" });
  });

  it.each([
    [
      { listen: "unix:/a", "rpc-socket": "/b" },
      "listen (command line) and rpc-socket (command line) cannot be together: --rpc-socket serves one client and ends with it; --listen=unix:PATH serves many",
    ],
    [
      { listen: "unix:/a", framing: "nul" },
      "listen (command line) and framing (command line) cannot be together: an endpoint says its own framing: --listen=unix:PATH,framing=nul",
    ],
    [
      { "binary-protocol": "1", framing: "nul" },
      "framing (command line) and binary-protocol (command line) cannot be together: --binary-protocol is --framing=binary",
    ],
    [{ "binary-protocol": "1", framing: "binary" }, "accepted"],
    [{ "binary-protocol": "0", framing: "nul" }, "accepted"],
  ] as const)("%j do not go together, or do", async (options, message) => {
    expect(await refusal(options)).toBe(message);
  });

  it("says of each of two that do not go together where it comes from", async () => {
    expect(await refusal({ "rpc-socket": "3" }, { OFTR_LISTEN: "unix:/a" })).toMatch(
      /^listen \(OFTR_LISTEN\) and rpc-socket \(command line\) cannot be together/,
    );
  });
});

describe("OpenFlow endpoints", () => {
  it("have parameters of OFP.LISTEN", async () => {
    const text =
      "tls:[::]:6653,versions=1.0,versions=1.3-1.4,options=AUXILIARY,echo-interval=3,cert=c,key=k,cacert=a";
    const { values } = await read({ openflow: text });
    expect(values.openflow).toEqual([
      {
        text,
        tls: true,
        files: { cert: "c", key: "k", cacert: "a" },
        params: {
          endpoint: "[::]:6653",
          options: ["FEATURES_REQ", "AUXILIARY"],
          versions: [1, 4, 5],
          echo_interval: "3",
        },
      },
    ]);
  });
});

describe("an address for metrics", () => {
  it.each([
    ["9303", "127.0.0.1"],
    [":9303", "127.0.0.1"],
    ["0.0.0.0:9303", "0.0.0.0"],
    ["[::1]:9303", "::1"],
    ["[::]:9303", "::"],
  ])("%s is at %s", async (text, host) => {
    expect((await read({ metrics: text })).values.metrics).toEqual({ host, port: 9303 });
  });
});

describe("printConfiguration", () => {
  it("shows each value and where it comes from", async () => {
    const config = file("loglevel: info\nlimit: {clients: 5}\n");
    const options = { config, listen: ["unix:/run/oftr.sock", "ws://[::1]:8653/"] };
    const text = printConfiguration(await read(options, { OFTR_LIMIT: "early-bytes=1K" }));
    expect(text).toContain("# oftr jsonrpc --print-config\n");
    expect(text).toContain(
      `${[
        "listen:",
        "  - unix:/run/oftr.sock                   # command line",
        "  - ws://[::1]:8653/                      # command line".replace(/- (\S+) {2}/, '- "$1"'),
        "# rpc-socket:                             # not given",
        "# framing:                                # nul",
      ].join("\n")}\n`,
    );
    expect(text).toContain(`loglevel: info                            # ${config}:1\n`);
    expect(text).toContain(`  clients: 5                              # ${config}:2\n`);
    expect(text).toContain("  early-bytes: 1024                       # OFTR_LIMIT\n");
    expect(text).toContain("  yaml-depth: 256                         # default\n");
  });

  it.each(NAMES)("prints %s so that it can be read back", async (name) => {
    const [text] = EXAMPLES[name] as readonly [string, unknown];
    const before = await read({ [name]: text });
    const after = await read({ config: file(printConfiguration(before), "printed.yaml") });
    expect({ ...after.values, config: undefined, limit: [] }).toEqual({ ...before.values, limit: [] });
    expect(after.limits).toEqual(before.limits);
  });

  it.each(["a # b", "'", '"', "x: y", "- a", "#", " ", "a\nb", "ä", "[", "true", "*a", "a\\b"])(
    "quotes %j",
    async (logfile) => {
      const config = file(printConfiguration(await read({ logfile })), "quoted.yaml");
      expect((await read({ config })).values.logfile).toBe(logfile);
    },
  );
});
