#!/usr/bin/env node
"use strict";
const { load } = require("./loader.js");

// The top of the process: what nobody below has answered. A reader that has gone away (`oftr decode | head`) is no defect.
process.on("uncaughtException", (error) => {
  if (error?.code === "EPIPE") process.exit(0);
  process.stderr.write(`oftr: internal error: ${error?.stack ?? error}\n`);
  process.exit(70);
});

load("main.cjs")
  .main(process.argv.slice(2))
  .then((code) => {
    process.exitCode = code;
  });
