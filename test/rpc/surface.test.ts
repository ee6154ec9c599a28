/**
 * What schemas/rpc.yaml says of the interface, and what the daemon does, on a gateway with a simulated switch: each example is carried out,
 * each key is taken, no other is, and each result and event is what its schema says.
 */
import { spawnSync } from "node:child_process";
import { createServer, type Server } from "node:net";
import type { ValidateFunction } from "ajv";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { configureLog } from "../../src/base/index.js";
import {
  CERTIFICATE_FIELDS,
  CHANNEL_REASONS,
  DUPLICATE_POLICIES,
  TLS_REASONS,
} from "../../src/channel/index.js";
import { VERSION } from "../../src/cli/version.js";
import {
  loadOpenRpc,
  loadRpcCatalog,
  type RpcCatalog,
  type RpcKey,
  type RpcMethodEntry,
  type RpcShape,
} from "../../src/rpc/catalog.js";
import { WORDS } from "../../src/rpc/gen/params.js";
import { Gateway } from "../../src/rpc/index.js";
import { METHODS, SEND } from "../../src/rpc/methods/index.js";
import { SimulatedSwitch } from "../../src/switch/index.js";
import { newAjv } from "../ajv.js";
import { Certificates, hasOpenssl } from "../certificates.js";
import { duplexPair } from "../channel/duplex-pair.js";
import { FakeClock } from "../channel/fake-clock.js";
import { MemoryTransport } from "./memory-transport.js";

type Json = Record<string, unknown>;

interface Reply {
  readonly id?: unknown;
  readonly method?: string;
  readonly params?: Json;
  readonly result?: unknown;
  readonly error?: { readonly code: number; readonly message: string; readonly data?: Json };
}

const DPID = "00:00:00:00:00:00:00:01";
const FRAME = "00000000000100000000000208004500001c000000004011f96b0a0000010a000002003500350008deab";

/** Values of keys that the example of their method does not have; those that are not here are given their default. */
const SAMPLES: Readonly<Record<string, unknown>> = {
  auxiliary_id: 0,
  bind_datapath: "CN",
  ciphers: "ECDHE-RSA-AES128-GCM-SHA256",
  conn_id: 1,
  conn_ids: [1],
  connect_timeout: 3600,
  context: [{ field: "METADATA", value: 1 }],
  datapath_id: DPID,
  datapath_ids: [DPID],
  duplicate_datapath: "probe",
  echo_count: "100",
  echo_interval: 0,
  except: ["IN_PORT"],
  features_timeout: 0.5,
  flags: [],
  hello_timeout: 1,
  in_port: 1,
  keylog: "/dev/null",
  only: ["IN_PORT"],
  pkt: true,
  port_desc_timeout: 86400,
  replies: "ALL",
  tls_id: 0,
  msg: {},
  options: ["FEATURES_REQ"],
  packet_in_rate: "5/1",
  password: "unused",
  // Any file will do for a key that is not encrypted.
  password_file: import.meta.filename,
  probe_timeout: 3,
  reconnect: { min: 0.5, max: 60 },
  replay: true,
  tls_timeout: "2.5",
  types: ["PORT_*"],
  unchecked: true,
  version: 4,
  versions: [4],
  vlan_tags: 1,
  xid: 7,
};

/** The same where keys of one name differ. */
const SAMPLES_OF: Readonly<Record<string, unknown>> = { "OFP.ADD_IDENTITY version": "TLS1.3" };

/** Keys that need others beside them. */
const COMPANIONS: Readonly<Record<string, object>> = {
  duplicate_datapath: { options: ["FEATURES_REQ"] },
  bind_datapath: { options: ["FEATURES_REQ"], tls_id: 1 },
};

const hasTcpdump = spawnSync("tcpdump", ["-ddd", "-y", "EN10MB", "icmp"]).status === 0;

/** Milliseconds; tcpdump and openssl are programs of their own. */
const PATIENCE = 15_000;

let catalog: RpcCatalog;
let methods: readonly RpcMethodEntry[];
let gateway: Gateway;
let client: MemoryTransport;
let connId: number;
let passive: Server;
let freePort: number;
let certificates: Certificates | undefined;
let allWords: ReadonlySet<string>;
let validators: (name: string) => ValidateFunction;

beforeAll(async () => {
  configureLog({ level: "silent" });
  catalog = await loadRpcCatalog();
  methods = catalog.filter((entry) => entry.kind === "method");
  const ajv = newAjv({ strict: false, validateFormats: false });
  ajv.addSchema(closed(await loadOpenRpc()) as object, "openrpc");
  const { schemas } = (
    (await loadOpenRpc()) as { components: { schemas: Record<string, { anyOf?: Json[] }> } }
  ).components;
  const consts = Object.values(schemas).flatMap(({ anyOf = [] }) => anyOf.map((one) => one.const));
  allWords = new Set(consts.filter((one) => typeof one === "string"));
  validators = (name) => {
    const found = ajv.getSchema(`openrpc#/components/schemas/${name}`);
    if (found === undefined) throw new Error(`no schema ${name}`);
    return found;
  };
  freePort = await findFreePort();
  passive = createServer((socket) => socket.on("error", () => undefined)).listen(0, "127.0.0.1");
  if (hasOpenssl()) {
    certificates = new Certificates();
    certificates.authority("ca");
    certificates.certificate("own", "ca");
  }
});

afterAll(() => {
  passive.close();
  gateway?.close();
  certificates?.remove();
});

function findFreePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer().listen(0, "127.0.0.1", () => {
      const { port } = server.address() as { port: number };
      server.close(() => resolve(port));
    });
  });
}

/** What the daemon writes may one day have more keys, so that its schemas are open. Today it has those alone that are documented. */
function closed(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(closed);
  if (typeof value !== "object" || value === null) return value;
  const copy = Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, closed(inner)]));
  const isObject = copy.type === "object" && copy.properties !== undefined && copy.allOf === undefined;
  return isObject ? { additionalProperties: false, ...copy } : copy;
}

/** A gateway with a client and a switch, whose conn_id is `connId`. */
async function start(): Promise<SimulatedSwitch> {
  gateway?.close();
  const clock = new FakeClock();
  gateway = new Gateway({ clock, softwareDescription: VERSION });
  client = new MemoryTransport();
  void gateway.serve(client);
  const [ours, peer] = duplexPair();
  gateway.service.registry.adopt(ours, {
    versions: [4],
    features: true,
    auxiliary: false,
    checkVersion: true,
    local: { host: "127.0.0.1", port: 6653 },
    remote: { host: "127.0.0.1", port: 45172 },
  });
  const one = new SimulatedSwitch(peer, { version: 4, datapathId: DPID, ports: 2 }, clock);
  const up = await until((text) => text.params?.type === "CHANNEL_UP");
  connId = up.params?.conn_id as number;
  return one;
}

/** Waits for a text of the daemon. */
async function until(isIt: (text: Reply) => boolean): Promise<Reply> {
  const deadline = performance.now() + PATIENCE;
  while (performance.now() < deadline) {
    const found = client.sent.map((text) => JSON.parse(text) as Reply).find(isIt);
    if (found !== undefined) return found;
    await new Promise((resolve) => setImmediate(resolve));
  }
  throw new Error(`not among ${client.sent.join("\n")}`);
}

let lastId = 0;

async function ask(method: string, params?: unknown): Promise<Reply> {
  const id = ++lastId;
  client.onText(JSON.stringify({ id, method, ...(params === undefined ? {} : { params }) }));
  return until((text) => text.id === id);
}

/** Names and addresses of this machine, for those of the examples. */
function here(value: Json, method: string): Json;
function here(value: unknown, method: string): unknown;
function here(value: unknown, method: string): unknown {
  if (Array.isArray(value)) return value.map((item) => here(item, method));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [key, ofThisMachine(key, inner, method)]),
  );
}

function ofThisMachine(key: string, value: unknown, method: string): unknown {
  if (key === "conn_id") return connId;
  if (key === "conn_ids") return [connId];
  if (key === "endpoint" && method === "OFP.LISTEN") return `127.0.0.1:${freePort}`;
  if (key === "endpoint" && method === "OFP.CONNECT")
    return `127.0.0.1:${(passive.address() as { port: number }).port}`;
  if (key === "cert" || key === "privkey" || key === "cacert")
    return certificates?.path({ cert: "own.pem", privkey: "own.key", cacert: "ca.pem" }[key]);
  if (key === "filter" && !hasTcpdump) return "";
  return here(value, method);
}

/** What differs from run to run. */
function steady(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(steady);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [
      key,
      ["conn_id", "tls_id", "time"].includes(key) ? typeof inner : steady(inner),
    ]),
  );
}

/** A default as documents show it. */
function defaultValue(text: string | undefined): unknown {
  const isJson = text !== undefined && /^[[{"\d]|^(null|true|false)$/.test(text);
  return isJson ? (JSON.parse(text) as unknown) : text;
}

function cannotRun(method: string): boolean {
  return method === "OFP.ADD_IDENTITY" && certificates === undefined;
}

function expectValid(name: string, value: unknown): void {
  const validate = validators(name);
  expect(
    validate(value),
    `${name}: ${JSON.stringify(value)}: ${JSON.stringify(validate.errors?.slice(0, 3))}`,
  ).toBe(true);
}

/** The keys that params of a method have, and an object that has those of its example. */
function keysOf(shape: RpcShape | undefined): readonly RpcKey[] {
  return shape?.keys ?? [];
}

describe("each method", () => {
  it("is described, and each that is described is there", () => {
    expect(methods.map(({ name }) => name).sort()).toEqual([...METHODS, SEND].map(({ name }) => name).sort());
  });

  it("answers its example with the result that stands beside it", async () => {
    for (const { name, example } of methods) {
      if (cannotRun(name)) continue;
      await start();
      const params = example.params === undefined ? undefined : here(example.params, name);
      if (params !== undefined) expectValid(`${name}.params`, params);
      const { result, error } = await ask(name, params);
      expect(error, name).toBeUndefined();
      expectValid(`${name}.result`, result);
      if (name === "rpc.discover") expect(result).toMatchObject(example.result as object);
      else expect(steady(result), name).toEqual(steady(example.result));
    }
  });

  it("takes each key that is documented", async () => {
    for (const { name, params, example } of methods) {
      if (cannotRun(name) || params?.list) continue;
      for (const { name: key, assumed } of keysOf(params)) {
        await start();
        const base = here(example.params, name) as Json;
        const sample = SAMPLES_OF[`${name} ${key}`] ?? SAMPLES[key] ?? defaultValue(assumed);
        if (key === "bind_datapath") {
          if (certificates === undefined) continue;
          await ask("OFP.ADD_IDENTITY", here({ cert: "", privkey: "", cacert: "" }, name));
        }
        const given = { ...base, ...COMPANIONS[key], [key]: base[key] ?? here({ [key]: sample }, name)[key] };
        expect(given[key], `a sample of ${name} ${key}`).not.toBeUndefined();
        expectValid(`${name}.params`, given);
        const { result, error } = await ask(name, given);
        expect(error, `${name} ${JSON.stringify(given)}`).toBeUndefined();
        expectValid(`${name}.result`, result);
      }
    }
  });

  it("takes each default in the place of a missing key", async () => {
    for (const { name, params, example } of methods) {
      if (cannotRun(name) || params?.list) continue;
      for (const { name: key, assumed } of keysOf(params)) {
        if (assumed === undefined) continue;
        await start();
        const { [key]: _, ...base } = here(example.params, name) as Json;
        const value = defaultValue(assumed);
        const without = await ask(name, base);
        // A port is listened at once.
        if (name === "OFP.LISTEN") await start();
        const withDefault = await ask(name, { ...base, [key]: value });
        // OFP.CLOSE says nothing without its only key.
        expect(withDefault.error?.code, `${name} ${key}`).toBe(without.error?.code);
        if (without.result !== undefined) expect(steady(withDefault.result)).toEqual(steady(without.result));
      }
    }
  });

  it("refuses keys that are not documented, with their path", async () => {
    await start();
    for (const { name, params, example } of methods) {
      if (cannotRun(name)) continue;
      const base = here(example.params ?? {}, name);
      const [given, path] = Array.isArray(base)
        ? [[{ ...(base[0] as Json), colour: 1 }], "params[0].colour"]
        : [{ ...(base as Json), colour: 1 }, "params.colour"];
      if (params !== undefined) expect(validators(`${name}.params`)(given), name).toBe(false);
      const { error } = await ask(name, given);
      expect([name, error?.data]).toMatchObject([name, { path, code: "UNKNOWN" }]);
    }
  });

  it("refuses params that lack a required key", async () => {
    await start();
    for (const { name, params, example } of methods) {
      const needed = keysOf(params).filter(({ required }) => required);
      const isList = params?.list === true;
      const example1 = here(isList ? (example.params as unknown[])[0] : (example.params ?? {}), name) as Json;
      const names = [...needed.map((key) => key.name), ...(params?.type === "Message" ? ["type"] : [])];
      for (const key of names) {
        const { [key]: _, ...others } = example1;
        const given = isList ? [others] : others;
        expect(validators(`${name}.params`)(given), `${name} ${key}`).toBe(false);
        const { error } = await ask(name, given);
        expect(error?.data, `${name} ${key}`).toMatchObject({
          code: "MISSING",
          path: isList ? "params[0]" : "params",
        });
      }
    }
  });

  it("refuses a request without params, unless it may leave them out", async () => {
    await start();
    const isRequest = (name: string): boolean => validators(name)({ id: 1, method: name }) as boolean;
    const refused: string[] = [];
    for (const { name } of methods) {
      const { error } = await ask(name);
      if (error !== undefined) refused.push(name);
      expect([name, error?.data?.code]).toEqual([name, isRequest(name) ? undefined : "MISSING"]);
    }
    expect(refused).toHaveLength(methods.length - 4);
  });

  it("takes the words that are documented, and no others", async () => {
    for (const { name, params, example } of methods) {
      if (params?.list) continue;
      for (const { name: key, type } of keysOf(params)) {
        const words = (type.match(/[A-Za-z_]+/g) ?? []).filter((word) => allWords.has(word));
        const give = (word: string): Promise<Reply> =>
          ask(name, { ...(here(example.params, name) as Json), [key]: type.startsWith("[") ? [word] : word });
        for (const word of words) {
          await start();
          const { error } = await give(word);
          // AUXILIARY alone is refused for another reason.
          expect(error?.data?.code ?? "", `${name} ${key} ${word}`).not.toBe("UNKNOWN");
        }
        if (words.length === 0) continue;
        expect((await give("NONESUCH")).error?.data).toMatchObject({ code: "UNKNOWN" });
      }
    }
  });
});

describe("numbers", () => {
  it("are taken at the ends of their ranges, and refused beyond, with their path", async () => {
    let ranges = 0;
    for (const { name, params, example } of methods) {
      for (const { name: key, range } of keysOf(params)) {
        if (params?.list || range === undefined) continue;
        ranges++;
        const number = (pattern: RegExp): number | undefined => {
          const found = pattern.exec(range)?.[1];
          return found === undefined ? undefined : Number(found);
        };
        const [min, max] = [number(/^([\d.]+) (?:to|or)/), number(/(?:to|most) ([\d.]+)/)];
        const above = number(/^above ([\d.]+)/);
        const give = async (value: number): Promise<Reply> => {
          await start();
          return ask(name, { ...here(example.params as Json, name), ...COMPANIONS[key], [key]: value });
        };
        const within = [min, max].filter((n) => n !== undefined);
        const beyond = [...(min === undefined ? [] : [min - 1]), ...(max === undefined ? [] : [max + 1])];
        for (const n of within) expect((await give(n)).error, `${name} ${key} ${n}`).toBeUndefined();
        for (const n of [...beyond, ...(above === undefined ? [] : [above])])
          expect((await give(n)).error?.data, `${name} ${key} ${n}`).toMatchObject({ path: `params.${key}` });
      }
    }
    expect(ranges).toBeGreaterThan(10);
  });
});

describe("words that the channels have, too", () => {
  it("are the same", () => {
    expect(WORDS.DuplicatePolicy).toEqual(DUPLICATE_POLICIES);
    expect(WORDS.CertificateField).toEqual(CERTIFICATE_FIELDS);
  });
});

describe("reasons", () => {
  it("are those of channels, and those of clients that miss messages", async () => {
    const [entry] = catalog.filter(({ name }) => name === "ChannelReason");
    const described = entry?.kind === "words" ? entry.words.map(({ word }) => word) : [];
    expect(described.slice(0, -3)).toEqual([...CHANNEL_REASONS, ...TLS_REASONS]);
    expect(described.slice(-3)).toEqual(["PACKET_INS_DROPPED", "PACKET_IN_RATE", "TAP_DROPPED"]);
  });
});

describe("errors", () => {
  it("have the data that is documented", async () => {
    await start();
    const [entry] = catalog.filter((one) => one.kind === "error");
    const failures = new Map(entry?.failures.map((one) => [one.code, one]));
    const requests: (readonly [string, unknown])[] = [
      ["OFP.NONE", {}],
      ["OFP.LISTEN", {}],
      ["OFP.SEND", { conn_id: 99, type: "HELLO" }],
      ["OFP.CLOSE", {}],
      ["OFP.REQUEST", { conn_id: connId, type: "PORT_STATS_REQUEST", msg: { port_no: 9 } }],
    ];
    const codes: number[] = [];
    for (const [method, params] of requests) {
      const { error } = await ask(method, params);
      codes.push(error?.code ?? 0);
      const data = keysOf(failures.get(error?.code ?? 0)?.data);
      const given = Object.keys(error?.data ?? {});
      expect(given.filter((key) => !data.some(({ name }) => name === key))).toEqual([]);
      expect(data.filter(({ name, required }) => required && !given.includes(name))).toEqual([]);
    }
    expect(codes).toEqual([-32601, -32600, -65000, -65002, -65003]);
  });
});

describe("each event", () => {
  it("has an example that is what its schema says", () => {
    for (const entry of catalog) if (entry.kind === "event") expectValid(entry.name, entry.example.params);
  });

  it("is what its schema says when it happens", async () => {
    const one = await start();
    await ask("OFP.TAP", {});
    one.inject(1, Buffer.from(FRAME, "hex"));
    await until((text) => text.params?.type === "PACKET_IN");
    await ask("OFP.TAP", { enabled: false });
    client.onText('{"method":"OFP.SEND","params":{"type":"HELLO","conn_id":99}}');
    await until((text) => text.params?.type === "CHANNEL_ALERT");
    await ask("OFP.CLOSE", { conn_id: connId });
    await until((text) => text.params?.type === "CHANNEL_DOWN");
    const seen = client.sent
      .map((text) => JSON.parse(text) as Reply)
      .filter(({ method }) => method !== undefined);
    expect(seen.map(({ params }) => params?.type)).toEqual([
      "CHANNEL_UP",
      "TAPPED",
      "PACKET_IN",
      "CHANNEL_ALERT",
      "CHANNEL_DOWN",
    ]);
    for (const { params } of seen) {
      const type = params?.type as string;
      expectValid(/^(CHANNEL_|TAPPED)/.test(type) ? type : "OFP.MESSAGE", params);
    }
  });
});
