/** The `oftr` of the sources as a process of its own, for tests of pipes: `node --import tsx run-main.ts ARGUMENT...` */
import { main } from "../../src/cli/main.js";

process.exitCode = await main(process.argv.slice(2));
