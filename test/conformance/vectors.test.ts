/**
 * The codec against golden rows in the folder that OFTR_VECTORS names. Each test is one file of rows; what differs and
 * is not covered by test/known-differences.yaml fails it, grouped by place. OFTR_VECTORS_REPORT names a file that gets
 * every difference as a JSON line, covered or not.
 */
import { appendFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { decode } from "./codec.js";
import type { Difference } from "./differences.js";
import { judgeEncode, judgeForeign, judgeMalformed, judgeMessage, judgePacket } from "./judge.js";
import { KnownDifferences, type Subject } from "./known-differences.js";
import {
  type EncodeRow,
  type HexRow,
  kindOfText,
  type MessageRow,
  type PacketRow,
  readRows,
  versionOfHex,
} from "./rows.js";

const folder = process.env.OFTR_VECTORS ?? "";

interface NiciraRow extends HexRow {
  /** What ovs-ofctl prints. */
  readonly ovs: string;
}

/** Numbers where others have names, what is kept as an experimenter's bytes, and headers in hex. */
const NAMELESS =
  /"(type|action|field|property|instruction|event|format)":"(0x|EXPERIMENTER|_RAW)[^"]*"|"learn":"RAW"|"~?0x[0-9A-F]{8}[^"]*"|"[0-9A-F]{8,16}\[/;

/** Open vSwitch has no name for a value that does not exist, and none in a message that is damaged on purpose. */
function isNamed({ ovs, source = "" }: NiciraRow): boolean {
  return !ovs.includes("(unknown)") && !source.endsWith(".fail");
}
const report = process.env.OFTR_VECTORS_REPORT;

const known = KnownDifferences.read(join(import.meta.dirname, "../known-differences.yaml"));

describe.skipIf(folder === "")("golden rows", () => {
  if (report !== undefined) writeFileSync(report, "");

  it("every message of oftr-messages decodes to a superset and comes back", () => {
    const rows = readRows<MessageRow>(folder, "oftr-messages");
    check("message", rows, subjectOfHex("message"), judgeMessage);
  });

  it("every message that the old program refuses comes back byte for byte", () => {
    const rows = readRows<HexRow>(folder, "oftr-undecodable");
    check("undecodable", rows, subjectOfHex("message"), (row) => judgeForeign(row, true));
  });

  it("every message with Nicira extensions comes back byte for byte", () => {
    const rows = readRows<HexRow>(folder, "nicira");
    check("nicira", rows, subjectOfHex("message"), (row) => judgeForeign(row, true));
  });

  it("every part of a message with Nicira extensions that Open vSwitch names has a name", () => {
    const rows = readRows<NiciraRow>(folder, "nicira").filter(isNamed);
    expect(rows.length).toBeGreaterThan(600);
    const nameless = rows.flatMap(({ id, hex, ovs }) => {
      const json = decode(Buffer.from(hex, "hex"));
      const [, theirs = "?"] = /^(?:OFPS?T_)?(\w+)/.exec(ovs) ?? [];
      const ours = (JSON.parse(json) as { readonly type: string }).type;
      const found = ours.startsWith(theirs) ? NAMELESS.exec(json)?.[0] : ours;
      return found === undefined ? [] : [`${id}: ${found} is ${ovs}`];
    });
    expect(nameless).toEqual([]);
  });

  it("every packet of pkt decodes to a superset and comes back", () => {
    const rows = readRows<PacketRow>(folder, "pkt");
    check("packet", rows, subjectOfHex("packet"), judgePacket);
  });

  it("every text of encode gives the golden bytes or an error", () => {
    const rows = readRows<EncodeRow>(folder, "encode");
    const subject = (row: EncodeRow): Subject => ({
      kind: "encode",
      source: row.source ?? "",
      ...kindOfText(row),
    });
    check("encode", rows, subject, judgeEncode);
  });

  it.each(["malformed", "hostile"])("every row of %s is reported or kept, in little time", (name) => {
    check(name, readRows<HexRow>(folder, name), subjectOfHex("malformed"), judgeMalformed);
  });

  it("every rule of known-differences.yaml is needed", () => {
    const counts = known.counts();
    process.stdout.write(
      `${counts.map(([id, rows]) => `${String(rows).padStart(6)} rows  ${id}`).join("\n")}\n`,
    );
    expect(counts.filter(([, rows]) => rows === 0).map(([id]) => id)).toEqual([]);
  });
});

function subjectOfHex(kind: Subject["kind"]): (row: HexRow) => Subject {
  return (row) => {
    const version = versionOfHex(row.hex);
    return { kind, version, type: row.type ?? "?", source: row.source ?? "" };
  };
}

function check<Row extends { readonly id: string }>(
  name: string,
  rows: readonly Row[],
  subjectOf: (row: Row) => Subject,
  judge: (row: Row) => Difference[],
): void {
  const groups = new Map<string, { count: number; example: string }>();
  let passed = 0;
  for (const row of rows) {
    const subject = subjectOf(row);
    const differences = judge(row);
    const left = known.unexplained(row.id, subject, differences);
    if (report !== undefined) writeReport(report, name, row.id, subject, differences, left);
    if (left.length === 0) passed++;
    for (const { path, want, got } of left) {
      const group = `v${subject.version} ${subject.type} ${path}`;
      const example = `${row.id} wants ${want.slice(0, 100)} got ${got.slice(0, 100)}`;
      groups.set(group, {
        count: (groups.get(group)?.count ?? 0) + 1,
        example: groups.get(group)?.example ?? example,
      });
    }
  }
  process.stdout.write(`${name}: ${passed} of ${rows.length} rows\n`);
  expect(rows.length).toBeGreaterThan(0);
  const lines = [...groups].sort((a, b) => b[1].count - a[1].count);
  expect(lines.slice(0, 40).map(([group, { count, example }]) => `${count} x ${group}: ${example}`)).toEqual(
    [],
  );
}

function writeReport(
  file: string,
  name: string,
  id: string,
  subject: Subject,
  differences: readonly Difference[],
  left: readonly Difference[],
): void {
  const lines = differences.map((difference) => {
    const covered = !left.includes(difference);
    return `${JSON.stringify({ name, id, ...subject, ...difference, covered })}\n`;
  });
  if (lines.length > 0) appendFileSync(file, lines.join(""));
}
