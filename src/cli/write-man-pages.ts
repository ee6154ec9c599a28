/** `npm run man`: writes the man pages into man/, from where the package takes them. */
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { COMMANDS } from "./commands.js";
import { commandManPage, type Manual, programManPage } from "./man-page.js";

const folder = join(import.meta.dirname, "../../man");

const manuals: readonly Manual[] = await Promise.all(
  COMMANDS.map(async ({ summary, load }) => ({ summary, spec: (await load()).run.spec })),
);
rmSync(folder, { recursive: true, force: true });
mkdirSync(folder);
writeFileSync(join(folder, "oftr.1"), programManPage(manuals));
for (const manual of manuals) {
  writeFileSync(join(folder, `oftr-${manual.spec.name}.1`), commandManPage(manual, manuals));
}
