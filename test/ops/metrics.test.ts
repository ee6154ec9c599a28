// /metrics of a daemon that has work to do, asked for over HTTP and read by a parser of the text format.
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { systemClock } from "../../src/channel/index.js";
import { connectSwitch } from "../../src/switch/index.js";
import { freePort, Texts, Workshop } from "./daemon-process.js";

const workshop = new Workshop();

beforeAll(() => workshop.build());
afterEach(() => workshop.killAll());
afterAll(() => workshop.remove());

/** Values by name and labels, as written. Throws where the text breaks the format. */
function parseMetrics(text: string): Map<string, number> {
  const values = new Map<string, number>();
  const types = new Map<string, string>();
  expect(text.endsWith("\n")).toBe(true);
  for (const line of text.slice(0, -1).split("\n")) {
    const [, kind, name = "", rest = ""] = /^# (HELP|TYPE) ([a-z_]+) (.+)$/.exec(line) ?? [];
    if (kind === "TYPE") {
      expect([name, types.has(name)]).toEqual([name, false]);
      expect(rest).toMatch(/^(counter|gauge|histogram)$/);
      types.set(name, rest);
    } else if (kind === undefined) {
      const [, series = "", value = ""] =
        /^([a-z_]+(?:\{[a-z_]+="(?:[^"\\\n]|\\[\\"n])*"(?:,[a-z_]+="(?:[^"\\\n]|\\[\\"n])*")*\})?) (\S+)$/.exec(
          line,
        ) ?? [];
      expect([line, values.has(series)]).toEqual([line, false]);
      const family = series
        .replace(/\{.*/, "")
        .replace(/_(bucket|sum|count)$/, (end, _word, at, whole) =>
          types.get(String(whole).slice(0, Number(at))) === "histogram" ? "" : end,
        );
      expect([line, types.has(family)]).toEqual([line, true]);
      expect(Number.isFinite(Number(value))).toBe(true);
      values.set(series, Number(value));
    }
  }
  return values;
}

describe("/metrics", () => {
  it("counts what happens, while it happens", async () => {
    const [openflow, http] = [await freePort(), await freePort()];
    const daemon = workshop.start([
      `--openflow=tcp:127.0.0.1:${openflow}`,
      `--metrics=127.0.0.1:${http}`,
      "--limit=frame-bytes=9000",
      "--loglevel=info",
    ]);
    const texts = new Texts(daemon.stdout);
    const scrape = async (): Promise<Map<string, number>> =>
      parseMetrics(await (await fetch(`http://127.0.0.1:${http}/metrics`)).text());
    await daemon.logged("ready");
    expect(await (await fetch(`http://127.0.0.1:${http}/readyz`)).text()).toBe("ready\n");
    const before = await scrape();
    expect(before.get('oftr_channels{version="1.3"}')).toBe(0);
    expect(before.get("oftr_listeners")).toBe(1);
    expect(before.get('oftr_limit{limit="frame-bytes"}')).toBe(9000);

    const simulated = await connectSwitch(
      { host: "127.0.0.1", port: openflow },
      { version: 4, datapathId: "00:00:00:00:00:00:00:2a", ports: 2 },
      systemClock(),
    );
    await texts.with("CHANNEL_UP");
    for (let i = 0; i < 50; i++) simulated.inject(1, Buffer.alloc(100));
    for (let i = 0; i < 50; i++) await texts.with("PACKET_IN");
    daemon.stdin.write('{"id":1,"method":"OFP.SEND","params":{"type":"BARRIER_REQUEST","conn_id":2}}\0');
    await texts.with("BARRIER_REPLY");
    daemon.stdin.write('{"id":2,"method":"OFP.NONSENSE"}\0');
    await texts.with('"id":2');
    daemon.stdin.write('{"id":3,"method":"OFP.LISTEN","params":{"endpoint":"no"}}\0');
    await texts.with('"id":3');

    const during = await scrape();
    const messages = (direction: string, type: string): number | undefined =>
      during.get(`oftr_messages_total{direction="${direction}",type="${type}",version="1.3"}`);
    expect(during.get('oftr_channels{version="1.3"}')).toBe(1);
    expect(during.get("oftr_connections")).toBe(1);
    expect(messages("in", "PACKET_IN")).toBe(50);
    expect(messages("in", "HELLO")).toBe(1);
    expect(messages("in", "FEATURES_REPLY")).toBe(1);
    expect(messages("in", "MULTIPART_REPLY")).toBe(1);
    expect(messages("in", "BARRIER_REPLY")).toBe(1);
    expect(messages("out", "BARRIER_REQUEST")).toBe(1);
    expect(messages("out", "MULTIPART_REQUEST")).toBe(1);
    expect(during.get('oftr_openflow_bytes_total{direction="in"}')).toBeGreaterThan(50 * 100);
    expect(during.get('oftr_rpc_requests_total{method="OFP.SEND",outcome="ok"}')).toBe(1);
    expect(during.get('oftr_rpc_requests_total{method="OFP.LISTEN",outcome="error"}')).toBe(1);
    expect(during.get('oftr_rpc_requests_total{method="",outcome="error"}')).toBe(1);
    const events = [...during].find(
      ([name]) => name.startsWith("oftr_client_events_total{") && name.includes("stdio"),
    );
    expect(events?.[1]).toBeGreaterThanOrEqual(52);
    expect(during.get("process_resident_memory_bytes")).toBeGreaterThan(1e7);
    expect(during.get("oftr_event_loop_delay_seconds_count")).toBeGreaterThan(0);

    simulated.close();
    await texts.with("CHANNEL_DOWN");
    const after = await scrape();
    expect(after.get('oftr_channels{version="1.3"}')).toBe(0);
    // What ended connections have counted is not lost.
    expect(after.get('oftr_messages_total{direction="in",type="PACKET_IN",version="1.3"}')).toBe(50);
    for (const [name, value] of during) {
      if (/_total|_count|_bucket/.test(name))
        expect([name, (after.get(name) ?? 0) >= value]).toEqual([name, true]);
    }
    daemon.stdin.end();
    expect(await daemon.ended).toBe(0);
  });

  it("tells failed handshakes by their reason", async () => {
    const [openflow, http] = [await freePort(), await freePort()];
    const daemon = workshop.start([
      `--openflow=tcp:127.0.0.1:${openflow}`,
      `--metrics=${http}`,
      "--loglevel=info",
    ]);
    const texts = new Texts(daemon.stdout);
    await daemon.logged("ready");
    await fetch(`http://127.0.0.1:${openflow}/`).catch(() => undefined);
    await texts.with("CHANNEL_ALERT");
    const values = parseMetrics(await (await fetch(`http://127.0.0.1:${http}/metrics`)).text());
    expect(values.get('oftr_handshake_failures_total{reason="BAD_HEADER"}')).toBe(1);
  });

  it("cannot be had where somebody else listens", async () => {
    const http = await freePort();
    const first = workshop.start([`--metrics=${http}`, "--loglevel=info"]);
    await first.logged("ready");
    const second = workshop.start([`--metrics=${http}`]);
    expect(await second.ended).toBe(10);
    expect(second.stderr).toContain(
      `jsonrpc: cannot serve metrics at 127.0.0.1:${http}: Address already in use`,
    );
  });
});
