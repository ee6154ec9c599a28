import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { beforeEach, describe, expect, it, vi } from "vitest";

/** Each test has the module anew: what it keeps is one log per process. */
async function freshLog(level?: "info" | "silent" | "trace") {
  vi.resetModules();
  const { configureLog, flushLog, log } = await import("../../src/base/index.js");
  const lines: Record<string, unknown>[] = [];
  configureLog({ ...(level && { level }), destination: { write: (line) => lines.push(JSON.parse(line)) } });
  return { log, lines, flushLog };
}

/** Runs a script in a process of its own, which has the log at hand. */
function runScript(script: string) {
  const base = new URL("../../src/base/index.ts", import.meta.url).href;
  const code = `import { flushLog, log } from ${JSON.stringify(base)}; ${script}`;
  return spawnSync(process.execPath, ["--import", "tsx", "--input-type=module", "-e", code], {
    cwd: fileURLToPath(new URL("../..", import.meta.url)),
    encoding: "utf8",
  });
}

beforeEach(() => vi.useRealTimers());

describe("log", () => {
  it("writes the facts, the sentence, the level and the time of the call", async () => {
    const { log, lines, flushLog } = await freshLog();
    vi.useFakeTimers({ now: 1_700_000_000_123, toFake: ["Date"] });
    log.info({ conn_id: 7 }, "channel up");
    vi.setSystemTime(1_800_000_000_000);
    await flushLog();
    expect(lines).toMatchObject([
      { level: 30, time: "2023-11-14T22:13:20.123Z", conn_id: 7, msg: "channel up", pid: process.pid },
    ]);
  });

  it("keeps the order of lines from before and after pino was loaded", async () => {
    const { log, lines, flushLog } = await freshLog();
    log.warn({}, "one");
    log.error({ err: new Error("no") }, "two");
    await flushLog();
    log.fatal({}, "three");
    expect(lines.map((l) => [l.level, l.msg])).toEqual([
      [40, "one"],
      [50, "two"],
      [60, "three"],
    ]);
    expect(lines[1]).toMatchObject({ err: { message: "no" } });
  });

  it("leaves out lines below its level, and loads nothing for them", async () => {
    const { log, lines, flushLog } = await freshLog();
    log.debug({}, "hidden");
    log.trace({}, "hidden");
    await flushLog();
    expect(lines).toEqual([]);
    expect([log.enabled("debug"), log.enabled("info")]).toEqual([false, true]);
  });

  it("writes everything at trace and nothing when silent", async () => {
    const loud = await freshLog("trace");
    loud.log.trace({}, "a");
    loud.log.debug({}, "b");
    await loud.flushLog();
    expect(loud.lines.map((l) => l.msg)).toEqual(["a", "b"]);
    const quiet = await freshLog("silent");
    quiet.log.fatal({}, "a");
    await quiet.flushLog();
    expect(quiet.lines).toEqual([]);
  });

  it("gives children's lines the facts of the child", async () => {
    const { log, lines, flushLog } = await freshLog();
    const child = log.child({ conn_id: 1 }).child({ version: 4 });
    child.info({ xid: 5 }, "first");
    await flushLog();
    child.info({}, "second");
    expect(lines).toMatchObject([
      { conn_id: 1, version: 4, xid: 5 },
      { conn_id: 1, version: 4 },
    ]);
  });

  it("says how many lines it dropped while it was loading", async () => {
    const { log, lines, flushLog } = await freshLog();
    for (let i = 0; i < 1003; i++) log.info({ i }, "line");
    await flushLog();
    expect(lines).toHaveLength(1001);
    expect(lines[1000]).toMatchObject({ level: 40, dropped: 3 });
  });

  it("goes to stderr", () => {
    const run = runScript('log.info({ a: 1 }, "hello"); await flushLog(); log.info({ a: 2 }, "again");');
    expect([run.status, run.stdout]).toEqual([0, ""]);
    const lines = run.stderr
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line));
    expect(lines).toMatchObject([
      { level: 30, a: 1, msg: "hello" },
      { level: 30, a: 2, msg: "again" },
    ]);
  });

  it("goes to stderr even when the process ends before pino is loaded", () => {
    const run = runScript(
      'log.child({ conn_id: 3 }).error({ big: 10n, err: new TypeError("oh") }, "late"); process.exit(4);',
    );
    expect([run.status, run.stdout]).toEqual([4, ""]);
    expect(JSON.parse(run.stderr)).toMatchObject({
      level: 50,
      conn_id: 3,
      big: "10",
      err: { type: "TypeError", message: "oh" },
      msg: "late",
    });
  });
});
