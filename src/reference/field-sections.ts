// The sections of tables of TLVs: match fields and statistics.
import { ALL_VERSIONS, formatVersionRange } from "../base/index.js";
import type { CatalogTable, CatalogTlv } from "../codec/catalog.js";
import { factTable, type Place } from "./body-section.js";
import { formatExample } from "./example.js";
import { fieldVersions } from "./fates.js";
import { typeLink } from "./homes.js";
import { foldRuns, mdBlock, mdCode, mdTable, mdText } from "./markdown.js";

/** Classes of OXM headers, by the text before the dot of an id. */
const CLASSES: Readonly<Record<string, string>> = {
  "0x8000": "OpenFlow basic",
  "0x8001": "Packet registers",
  "0x8002": "OpenFlow extensible statistics",
  "0x0000": "NXM, the fields of OpenFlow 1.0",
  "0x0001": "NXM, the fields of Nicira",
  "0xffff": "Experimenters",
};

/** A table of TLVs with its heading: one table for each class of ids. */
export function tlvSection(table: CatalogTable, place: Place, level: string): string[] {
  const classes = [...new Set(table.cases.map(classOf))];
  const first = table.cases.find((c) => c.name === "TCP_DST") ?? table.cases[0];
  return [
    `${level} ${table.name}`,
    "",
    mdText(table.doc),
    "",
    ...factTable([["specification", mdText(table.spec)]]),
    ...(first === undefined ? [] : mdBlock("yaml", formatExample(first.example))),
    ...classes.flatMap((oxmClass) => [
      `${level}# ${CLASSES[oxmClass] ?? oxmClass}`,
      "",
      ...tlvTable(
        table,
        table.cases.filter((c) => classOf(c) === oxmClass),
        place,
      ),
    ]),
  ];
}

function classOf(c: CatalogTlv): string {
  return c.id.slice(0, 6);
}

function tlvTable(table: CatalogTable, cases: readonly CatalogTlv[], place: Place): string[] {
  const isMatch = table.name === "Field";
  const rows = cases.map((c) => [
    [c.name, ...c.also].map(mdCode).join(", "),
    c.id,
    typeLink(place.homes, place.path, c.type),
    c.size,
    c.mask ? "yes" : "",
    formatVersionRange(isMatch ? fieldVersions(c) : ALL_VERSIONS.filter((v) => v >= c.since)),
    c.needs.map(mdCode).join(", "),
    mdText(c.doc),
  ]);
  const folded = foldRuns(rows, 0, [1]);
  const head = [mdCode(table.tag), "id", "value", "bytes", "mask", "versions", "needs", "meaning"];
  return mdTable(
    head.filter((_, i) => folded.some((row) => row[i] !== "")),
    folded.map((row) => row.filter((_, i) => folded.some((other) => other[i] !== ""))),
  );
}
