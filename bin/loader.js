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
function load(name) {
  const known = loaded.get(name);
  if (known !== undefined) return known.module.exports;
  const module = { exports: {} };
  const part = added.get(name);
  const script = part === undefined ? compile(name) : undefined;
  loaded.set(name, { module, script });
  try {
    (part ?? script.runInThisContext())(module.exports, requireFromBundle, module, dist);
  } catch (error) {
    // A part of it was missing, perhaps for want of descriptors: who asks again shall not get half of it.
    loaded.delete(name);
    throw error;
  }
  return module.exports;
}

function compile(name) {
  const filename = join(dist, name);
  // The build writes ASCII only.
  const source = readFileSync(filename, "latin1");
  return new Script(source, { filename, cachedData: readCache(`${filename}.cache`) });
}

function requireFromBundle(name) {
  return name.startsWith("./") ? load(name.slice(2)) : require(name);
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
