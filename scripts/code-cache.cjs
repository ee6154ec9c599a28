"use strict";
/** Last step of `npm run build`: runs the loader over each bundle and keeps what V8 compiled. */
const { readdirSync, writeFileSync } = require("node:fs");
const { join } = require("node:path");
const { dist, load, loaded } = require("../bin/loader.js");

for (const name of readdirSync(dist)) if (name.endsWith(".cjs")) load(name);
for (const [name, { script }] of loaded)
  writeFileSync(join(dist, `${name}.cache`), script.createCachedData());
