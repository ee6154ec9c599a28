"use strict";
const { readFileSync } = require("node:fs");
const { join } = require("node:path");
const { Script } = require("node:vm");

const dist = join(__dirname, "../dist");
const loaded = new Map();
/** Bundles that another bundle has in it, as functions. */
const added = new Map();

/**
 * Loads a bundle of dist/ as `require` would, but with V8's code cache where the build left one beside it: that spares
 * the parsing of the generated codecs at every start. V8 rejects a cache made by another version of itself, then the
 * bundle is compiled as usual. A bundle is the text of a function, as Node makes one of each CommonJS module.
 */
const __st=[];const __rows=globalThis.__rows=[];function load(name) { if (loaded.get(name)) return loaded.get(name).module.exports; const s=performance.now(); const f={c:0}; __st.push(f); try { return load0(name); } finally { __st.pop(); const d=performance.now()-s; if(__st.length) __st[__st.length-1].c+=d; __rows.push([name,(d-f.c).toFixed(2),s.toFixed(1)]);} }
function load0(name) {
  const known = loaded.get(name);
  if (known !== undefined) return known.module.exports;
  const module = { exports: {} };
  const part = added.get(name);
  if (part !== undefined) {
    loaded.set(name, { module });
    part(module.exports, requireFromBundle, module, dist);
    return module.exports;
  }
  const filename = join(dist, name);
  // The build writes ASCII only.
  const source = readFileSync(filename, "latin1");
  const script = new Script(source, { filename, cachedData: readCache(`${filename}.cache`) });
  loaded.set(name, { module, script });
  script.runInThisContext()(module.exports, requireFromBundle, module, dist);
  return module.exports;
}

function requireFromBundle(name) {
  if (name.startsWith("./")) return load(name.slice(2)); const s=performance.now(); const m=require(name); const d=performance.now()-s; if(__st.length) __st[__st.length-1].c+=d; __rows.push([name,d.toFixed(2),s.toFixed(1)]); return m;
}

requireFromBundle.add = (bundles) => {
  for (const name in bundles) added.set(name, bundles[name]);
};

/** A module of Node that is loaded when something of it is asked for. */
requireFromBundle.late = (name) => new Proxy({}, { get: (_, key) => require(name)[key] });

function readCache(path) {
  try {
    return readFileSync(path);
  } catch {
    return undefined;
  }
}

module.exports = { load, loaded, dist };
