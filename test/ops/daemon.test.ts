// What the daemon does as a process: settings that take effect, signals, an end in good order, and one in none.
import { once } from "node:events";
import {
  copyFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  openSync,
  readFileSync,
  rmdirSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { connect } from "node:net";
import { join } from "node:path";
import { connect as connectTls, type TLSSocket } from "node:tls";
import { fileURLToPath } from "node:url";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { systemClock } from "../../src/channel/index.js";
import { connectSwitch, type SimulatedSwitch } from "../../src/switch/index.js";
import { Certificates, hasOpenssl } from "../certificates.js";
import { poll } from "../peers/programs.js";
import { type DaemonProcess, freePort, Texts, Workshop } from "./daemon-process.js";

const workshop = new Workshop();

beforeAll(() => workshop.build());
afterEach(() => workshop.killAll());
afterAll(() => workshop.remove());

function simulate(port: number, last = "2a"): Promise<SimulatedSwitch> {
  const options = { version: 4, datapathId: `00:00:00:00:00:00:00:${last}`, ports: 2 } as const;
  return connectSwitch({ host: "127.0.0.1", port }, options, systemClock());
}

/** Milliseconds since `start`. */
const since = (start: number): number => performance.now() - start;

/** The value of a metric of a daemon: the first whose name starts so. */
async function metric(http: number, name: string): Promise<number> {
  const text = await (await fetch(`http://127.0.0.1:${http}/metrics`)).text();
  const line = text.split("\n").find((one) => one.startsWith(name));
  return Number(line?.split(" ").at(-1) ?? 0);
}

/** A daemon whose client does not read, and has more before it than a pipe holds. */
async function startUnread(): Promise<{ daemon: DaemonProcess; simulated: SimulatedSwitch }> {
  const [port, http] = [await freePort(), await freePort()];
  const daemon = workshop.start([`--openflow=tcp:127.0.0.1:${port}`, `--metrics=${http}`, "--loglevel=info"]);
  await daemon.logged("ready");
  const simulated = await simulate(port);
  await daemon.logged("channel up");
  while ((await metric(http, "oftr_client_queue_bytes{")) < 1e6) {
    for (let i = 0; i < 100; i++) simulated.inject(1, Buffer.alloc(1400));
  }
  return { daemon, simulated };
}

describe("a signal", () => {
  it.each(["SIGTERM", "SIGINT"] as const)(
    "%s ends each channel with an event, then all with 0",
    async (signal) => {
      const port = await freePort();
      const daemon = workshop.start([`--openflow=tcp:127.0.0.1:${port}`, "--loglevel=info"]);
      const texts = new Texts(daemon.stdout);
      await daemon.logged("ready");
      const switches = [await simulate(port, "01"), await simulate(port, "02")];
      await texts.with("CHANNEL_UP");
      await texts.with("CHANNEL_UP");
      daemon.kill(signal);
      const down = [await texts.with("CHANNEL_DOWN"), await texts.with("CHANNEL_DOWN")];
      expect(down.map((text) => /"datapath_id":"([^"]+)"/.exec(text)?.[1]).sort()).toEqual([
        "00:00:00:00:00:00:00:01",
        "00:00:00:00:00:00:00:02",
      ]);
      for (const text of down) expect(text).toContain("SHUTDOWN");
      expect(await daemon.ended).toBe(0);
      expect(texts.all.at(-1)).toBe(down[1]);
      for (const one of switches) one.close();
    },
  );

  it("ends the daemon in less than 5 seconds though nobody reads what it says", async () => {
    const { daemon, simulated } = await startUnread();
    const start = performance.now();
    daemon.kill("SIGTERM");
    expect(await daemon.ended).toBe(0);
    expect(since(start)).toBeLessThan(5000);
    simulated.close();
  });

  it("that comes twice ends it at once", async () => {
    const { daemon, simulated } = await startUnread();
    daemon.kill("SIGTERM");
    await daemon.logged("ending");
    const start = performance.now();
    daemon.kill("SIGTERM");
    expect(await daemon.ended).toBe(143);
    expect(since(start)).toBeLessThan(1500);
    simulated.close();
  });

  it("SIGHUP reads the file again: what can change does, what cannot is told", async () => {
    const [port, http] = [await freePort(), await freePort()];
    const config = workshop.path("hup.yaml");
    const write = (lines: string): void =>
      writeFileSync(config, `openflow: [tcp:127.0.0.1:${port}]\nmetrics: "${http}"\n${lines}`);
    write("limit: {early-bytes: 1000}\nloglevel: info\n");
    const daemon = workshop.start([`--config=${config}`]);
    await daemon.logged("ready");
    const limit = 'oftr_limit{limit="early-bytes"}';
    expect(await metric(http, limit)).toBe(1000);

    write("limit: {early-bytes: 2000}\nloglevel: info\ndialect: strict\n");
    daemon.kill("SIGHUP");
    const told = await daemon.logged("these settings change at the next start only");
    expect(told.settings).toEqual(["dialect"]);
    await daemon.logged("reloaded");
    expect(await metric(http, limit)).toBe(2000);

    write("limit: {early-bytes: lots}\nloglevel: info\n");
    daemon.kill("SIGHUP");
    const error = await daemon.logged("the configuration stays as it was");
    expect(error.err).toMatchObject({
      message: `${config}:3:9: limit: limit early-bytes: 'lots' is not bytes, such as 65536 or 16M`,
    });
    await daemon.logged("reloaded in part");
    expect(await metric(http, limit)).toBe(2000);

    write("limit: {early-bytes: 2000}\ntrace: rpc,msg\n");
    daemon.kill("SIGHUP");
    await daemon.logged("reloaded");
    daemon.stdin.write('{"id":1,"method":"OFP.DESCRIPTION"}\0');
    await daemon.logged("read rpc");
    const simulated = await simulate(port);
    expect(await daemon.logged("read message")).toMatchObject({ conn_id: 2 });
    simulated.close();

    write("limit: {early-bytes: 3000}\nloglevel: fatal\n");
    const before = daemon.stderr.length;
    daemon.kill("SIGHUP");
    while ((await metric(http, limit)) !== 3000);
    daemon.kill("SIGTERM");
    expect(await daemon.ended).toBe(0);
    expect(daemon.stderr.slice(before)).not.toContain("ending");
  });

  it.skipIf(!hasOpenssl())(
    "SIGHUP brings new certificates for new connections, also with a key that is encrypted",
    async () => {
      const certificates = new Certificates();
      certificates.authority("authority");
      certificates.certificate("first", "authority");
      certificates.certificate("second", "authority");
      const key = certificates.text("second.key");
      certificates.openssl(
        "pkcs8",
        "-topk8",
        "-in",
        "second.key",
        "-out",
        "new.key",
        "-passout",
        "pass:Tr0ub4dor",
      );
      copyFileSync(certificates.path("new.key"), certificates.path("second.key"));
      expect(certificates.text("second.key")).not.toBe(key);
      const password = certificates.path("password");
      writeFileSync(password, "Tr0ub4dor\n", { mode: 0o600 });
      const install = (name: string): void => {
        for (const end of ["pem", "key"]) {
          copyFileSync(certificates.path(`${name}.${end}`), certificates.path(`current.${end}`));
        }
      };
      install("first");
      const port = await freePort();
      const daemon = workshop.start([
        `--openflow=tls:127.0.0.1:${port}`,
        `--tls-cert=${certificates.path("current.pem")}`,
        `--tls-key=${certificates.path("current.key")}`,
        `--tls-key-password-file=${password}`,
        "--loglevel=info",
      ]);
      await daemon.logged("ready");
      const open = async (): Promise<TLSSocket> => {
        const socket = connectTls({ host: "127.0.0.1", port, rejectUnauthorized: false });
        await once(socket, "secureConnect");
        return socket;
      };
      const refused = certificates.path("current.key");
      rmSync(refused);
      daemon.kill("SIGHUP");
      expect(await daemon.logged("certificate not reloaded: the old one stays")).toMatchObject({
        tls_id: 1,
        file: refused,
        err: { message: "No such file or directory" },
      });
      await daemon.logged("reloaded in part");
      install("first");
      const old = await open();
      expect(old.getPeerCertificate().subject.CN).toBe("first");
      install("second");
      daemon.kill("SIGHUP");
      await daemon.logged("reloaded");
      const fresh = await open();
      expect(fresh.getPeerCertificate().subject.CN).toBe("second");
      // The old one goes on: its HELLO is answered by a request for features.
      old.write(Buffer.from("0400000800000001", "hex"));
      for (let bytes = 0; bytes < 16; ) bytes += ((await once(old, "data")) as [Buffer])[0].length;
      old.destroy();
      fresh.destroy();
      expect(daemon.stderr).not.toContain("PRIVATE");
      certificates.remove();
    },
  );
});

describe("a file that cannot be written", () => {
  it("as a log is a wrong setting", async () => {
    const daemon = workshop.start(["--logfile=/no/such/log"]);
    expect(await daemon.ended).toBe(1);
    expect(daemon.stderr).toBe("jsonrpc: for the -logfile option: /no/such/log: No such file or directory\n");
  });

  it("as a log later on costs lines, and leaves no half of one before the next", async () => {
    const path = workshop.path("log");
    const daemon = workshop.start([`--logfile=${path}`, `--listen=unix:${workshop.path("log.sock")}`]);
    const text = (): string => (existsSync(path) ? readFileSync(path, "utf8") : "");
    await poll(
      "the start",
      async () => text(),
      (log) => log.includes('"ready"'),
    );
    rmSync(path);
    mkdirSync(path);
    daemon.kill("SIGHUP");
    await poll(
      "a complaint",
      async () => daemon.stderr,
      (stderr) => stderr.endsWith("\n"),
    );
    expect(daemon.stderr).toBe(`oftr: the log cannot be written: ${path}: Is a directory\n`);
    rmdirSync(path);
    daemon.kill("SIGHUP");
    await poll(
      "a line",
      async () => text(),
      (log) => log.endsWith("\n"),
    );
    expect(text()).toMatch(/^\n\{.*"msg":"reloaded"\}\n$/);
    daemon.kill("SIGTERM");
    expect(await daemon.ended).toBe(0);
  });

  it("as stdout ends the daemon with a word", async () => {
    const daemon = workshop.start([], {}, openSync("/dev/full", "w"));
    daemon.stdin.write('{"id":1,"method":"OFP.DESCRIPTION"}\0');
    expect(await daemon.ended).toBe(10);
    expect(daemon.stderr).toBe("jsonrpc: the replies cannot be written: No space left on device\n");
  });
});

describe("the system's limit on descriptors", () => {
  it.each([
    [60, false],
    [61, true],
  ])("is told if it is below the limits: 160, and those are 100 and %s", async (clients, told) => {
    const daemon = workshop.startLimited("ulimit -n 160", [
      `--listen=unix:${workshop.path("few.sock")}`,
      "--limit=connections=100",
      `--limit=clients=${clients}`,
    ]);
    await daemon.logged("ready");
    daemon.kill("SIGTERM");
    expect(await daemon.ended).toBe(0);
    expect(daemon.stderr.includes('"max_fds":160,"connections":100,"clients":61')).toBe(told);
  });
});

describe("an end in no order", () => {
  it("that nobody has foreseen is told, has code 70, and takes the socket along", async () => {
    const program = fileURLToPath(new URL("../../bin/oftr.js", import.meta.url));
    const path = workshop.path("defect.sock");
    const defect = 'process.on("SIGUSR2", () => { throw new TypeError("a defect"); });';
    const daemon = workshop.startAfter(defect, [`--listen=unix:${path}`], program);
    await daemon.logged("ready");
    const client = connect(path);
    const closed = once(client, "close");
    await once(client, "connect");
    daemon.kill("SIGUSR2");
    expect(await daemon.ended).toBe(70);
    await closed;
    expect(daemon.stderr).toContain("oftr: internal error: TypeError: a defect\n");
    expect(await daemon.logged("internal error")).toMatchObject({
      err: {
        type: "TypeError",
        message: "a defect",
        stack: expect.stringMatching(/^TypeError: a defect\n +at /),
      },
    });
    expect(existsSync(path)).toBe(false);
  });

  it("leaves nothing behind that is in the way of the next start", async () => {
    const port = await freePort();
    for (let round = 0; round < 3; round++) {
      const daemon = workshop.start([`--openflow=tcp:127.0.0.1:${port}`, "--loglevel=info"]);
      const texts = new Texts(daemon.stdout);
      await daemon.logged("ready");
      const simulated = await simulate(port);
      await texts.with("CHANNEL_UP");
      daemon.kill("SIGKILL");
      expect(await daemon.ended).toBe("SIGKILL");
      simulated.close();
    }
  });
});

describe("a program that is replaced while it runs", () => {
  it("has loaded what requests need, however late they come", async () => {
    const root = fileURLToPath(new URL("../..", import.meta.url));
    const installed = workshop.path("installed");
    for (const name of ["bin", "dist", "package.json"])
      cpSync(join(root, name), join(installed, name), { recursive: true });
    const daemon = workshop.startAfter("", ["--loglevel=debug"], join(installed, "bin/oftr.js"));
    await daemon.logged("all parts loaded");
    rmSync(join(installed, "dist"), { recursive: true });
    const texts = new Texts(daemon.stdout);
    const msg = "{type: FLOW_MOD, version: 4, flow: 'table=3,priority=7,in_port=1 actions=drop'}";
    daemon.stdin.write(`{id: 1, method: OFP.ENCODE, params: ${msg}}\0`);
    expect(await texts.next()).toContain('"data":"040E');
    daemon.stdin.write("{id: 2, method: OFP.DECODE, params: {data: '0400000800000001'}}\0");
    expect(await texts.next()).toContain("HELLO");
  });
});

describe("a log that nobody reads", () => {
  it("holds up neither the daemon nor its end", async () => {
    const daemon = workshop.start(["--trace=rpc"]);
    daemon.child.stderr?.pause();
    const texts = new Texts(daemon.stdout);
    const request = '{"id":1,"method":"OFP.DESCRIPTION"}\0';
    for (let i = 0; i < 40; i++) {
      daemon.stdin.write(request.repeat(200));
      for (let j = 0; j < 200; j++) await texts.next();
    }
    const start = performance.now();
    daemon.kill("SIGTERM");
    expect(await daemon.ended).toBe(0);
    expect(since(start)).toBeLessThan(5000);
  });

  it("may be closed", async () => {
    const daemon = workshop.start(["--trace=rpc"]);
    daemon.child.stderr?.destroy();
    const texts = new Texts(daemon.stdout);
    for (let i = 0; i < 20; i++) {
      daemon.stdin.write('{"id":1,"method":"OFP.DESCRIPTION"}\0');
      expect(await texts.next()).toContain("result");
    }
    daemon.stdin.end();
    expect(await daemon.ended).toBe(0);
  });
});

describe("an OpenFlow listener", () => {
  it("that cannot be opened ends the daemon with 10, and says why", async () => {
    const port = await freePort();
    const first = workshop.start([`--openflow=tcp:127.0.0.1:${port}`, "--loglevel=info"]);
    await first.logged("ready");
    const second = workshop.start([`--openflow=tcp:127.0.0.1:${port}`]);
    expect(await second.ended).toBe(10);
    expect(second.stderr).toBe(`jsonrpc: cannot listen at tcp:127.0.0.1:${port}: Address already in use\n`);
  });

  it.each([
    ["tls:127.0.0.1:6653,cert=/no/a.pem,key=/no/a.key", "/no/a.pem: No such file or directory"],
    [
      "tcp:127.0.0.1:6653,bind-datapath=CN",
      "bind_datapath needs the option FEATURES_REQ, and tls_id of an identity with cacert",
    ],
  ])("%s cannot be opened, and it is said why", async (endpoint, why) => {
    const daemon = workshop.start([`--openflow=${endpoint}`]);
    expect(await daemon.ended).toBe(10);
    expect(daemon.stderr).toBe(`jsonrpc: cannot listen at ${endpoint}: ${why}\n`);
  });

  it("is told in the log without a stack: nothing is wrong with the program", async () => {
    const daemon = workshop.start(["--listen=unix:/no/such.sock"]);
    expect(await daemon.ended).toBe(10);
    expect(daemon.stderr).toContain("jsonrpc: unix:/no/such.sock: No such file or directory\n");
    const { err } = await daemon.logged("cannot serve");
    expect(err).toEqual({
      type: "EndpointError",
      code: "FILE",
      message: "unix:/no/such.sock: No such file or directory",
    });
  });
});

describe.skipIf(!hasOpenssl())("an encrypted key", () => {
  it.each([
    [
      "",
      "the key is encrypted: password or password_file is missing; --tls-key-password-file=FILE or ,key-password-file=FILE names it\n",
    ],
    [",key-password-file=PASSWORD", "is password_file right?"],
  ])("without its password cannot be used (%s)", async (option, why) => {
    const certificates = new Certificates();
    certificates.authority("a");
    certificates.openssl("pkcs8", "-topk8", "-in", "a.key", "-out", "a.enc", "-passout", "pass:Tr0ub4dor");
    const password = certificates.path("password");
    writeFileSync(password, "hunter2\n", { mode: 0o600 });
    const identity = `cert=${certificates.path("a.pem")},key=${certificates.path("a.enc")}`;
    const daemon = workshop.start([
      `--openflow=tls:127.0.0.1:6653,${identity}${option.replace("PASSWORD", password)}`,
    ]);
    expect(await daemon.ended).toBe(10);
    expect(daemon.stderr).toContain(why);
    expect(daemon.stderr).not.toContain("hunter2");
    certificates.remove();
  });
});

describe("--print-config", () => {
  it("prints and ends", async () => {
    const daemon = workshop.start(["--print-config"], { OFTR_LOGLEVEL: "debug" });
    const texts = new Texts(daemon.stdout, "\n");
    expect(await daemon.ended).toBe(0);
    expect(texts.all).toContain("loglevel: debug                           # OFTR_LOGLEVEL");
  });

  it("ends with 1 for a setting that is wrong, with 9 for a file that is not there", async () => {
    const wrong = workshop.start(["--print-config", "--limit=clients=none"]);
    expect(await wrong.ended).toBe(1);
    expect(wrong.stderr).toBe("jsonrpc: for the -limit option: limit clients: 'none' is not a number\n");
    const missing = workshop.start(["--print-config", "--config=/no/file"]);
    expect(await missing.ended).toBe(9);
  });
});
