// `npm run docs`: writes docs/reference.
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { loadCatalog } from "../codec/catalog.js";
import { loadRpcCatalog } from "../rpc/catalog.js";
import { DAEMON_PAGE, daemonPage } from "./daemon-page.js";
import { referencePages } from "./site.js";

const folder = fileURLToPath(new URL("../../docs/reference", import.meta.url));

rmSync(folder, { recursive: true, force: true });
const pages = referencePages(await loadCatalog(), await loadRpcCatalog());
pages.set(DAEMON_PAGE, daemonPage());
for (const [path, text] of pages) {
  mkdirSync(dirname(join(folder, path)), { recursive: true });
  writeFileSync(join(folder, path), text);
}
