// The first page of the reference.
import { formatVersionRange } from "../base/index.js";
import type { Catalog, CatalogMessage } from "../codec/catalog.js";
import { type Homes, linkTarget, PAGES } from "./homes.js";
import { mdTable, mdText } from "./markdown.js";

const INTRO = `# Reference

What messages look like in YAML and JSON. They have one form for OpenFlow 1.0 to 1.5; \`version\` is the number on the wire: 1 is OpenFlow 1.0,
6 is 1.5. The same texts are printed by \`oftr help NAME\`.

* [Versions](versions.md): what each version can express, and what becomes of the rest
* [Actions](actions.md), [instructions](instructions.md), [fields and statistics](fields.md), [properties](properties.md)
* [Objects](objects.md) that several messages have
* [Values](types.md), [enumerations](enums.md), [flags](flags.md), [errors](errors.md)
* [JSON-RPC](rpc.md): methods and events of the daemon
* [The daemon](daemon.md): settings, limits, metrics

In tables of keys, "if missing" says what encoding does without the key: an error, or the value that it takes instead. Versions are those whose
frames have a place for it.
`;

/** The lines of README.md. */
export function indexPage(catalog: Catalog, homes: Homes): string[] {
  const messages = catalog.entries.filter((e) => e.kind === "message");
  const list = (all: readonly CatalogMessage[]): string[] =>
    mdTable(
      ["", "versions", ""],
      all.map((m) => {
        const home = homes.get(m.name);
        const name =
          home === undefined ? mdText(m.name) : `[${mdText(m.name)}](${linkTarget(PAGES.index, home)})`;
        return [name, formatVersionRange(m.body.versions), mdText(m.doc)];
      }),
    );
  return [
    ...INTRO.split("\n"),
    "## Messages",
    "",
    ...list(messages.filter((m) => m.part === undefined)),
    "## Multipart messages",
    "",
    ...list(messages.filter((m) => m.part !== undefined)),
  ];
}
