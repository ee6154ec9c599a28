// Loaded before the daemon: on SIGUSR2 it tells descriptor 3 how much heap is in use after a collection.
import { writeSync } from "node:fs";

process.on("SIGUSR2", () => {
  globalThis.gc();
  writeSync(3, `${process.memoryUsage().heapUsed}\n`);
});
