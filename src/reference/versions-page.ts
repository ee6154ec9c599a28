// The page that tells what becomes of each part of a message in each version.
import type { Catalog } from "../codec/catalog.js";
import { formatFate } from "./fates.js";
import { type Homes, linkTarget, PAGES } from "./homes.js";
import { foldRuns, mdCode, mdTable, mdText } from "./markdown.js";
import { versionRows } from "./version-rows.js";

const INTRO = `# What each version can express

A message has one form for all versions. This page says what \`oftr encode\` and OFP.SEND do with each part of it in each version.

| cell | meaning |
|---|---|
| yes | It is written. |
| as NAME | It is written in the older form NAME; decoding shows it as the newer one again. |
| later | It is written. The specification has it only in a later version: a switch may refuse it. |
| dropped | It is left out. |
| only VALUE | There is no place for it. VALUE, which says just that, is taken; any other value is an error. |
| error | It is an error that names the place and the version. |
| – | What it belongs to is not in this version. |

What is not marked as dropped is never left out. A number that is too large for its place in a version is an error, too: OpenFlow 1.0 has 16 bits for ports.
Prerequisites of match fields are added where there is only one possibility: \`IPV4_DST\` alone gets \`ETH_TYPE\` 0x0800 before it. Where there are
several, as for \`TCP_DST\`, the match must say which.
`;

/** The lines of versions.md. */
export function versionsPage(catalog: Catalog, homes: Homes): string[] {
  const sections = versionRows(catalog);
  return [
    ...INTRO.split("\n"),
    ...sections.flatMap(({ title, note, rows }) => [
      `## ${title}`,
      "",
      ...(note === "" ? [] : [note, ""]),
      ...mdTable(
        ["", "1.0", "1.1", "1.2", "1.3", "1.4", "1.5"],
        foldRuns(
          rows.map(({ name, entry, fates }) => [
            label(name, entry, homes),
            ...fates.map((fate) => mdText(formatFate(fate))),
          ]),
        ),
      ),
    ]),
  ];
}

function label(name: string, entry: string, homes: Homes): string {
  const home = homes.get(entry);
  if (home === undefined || name !== entry) return mdCode(name);
  return `[${mdText(name)}](${linkTarget(PAGES.versions, home)})`;
}
