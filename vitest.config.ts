import { configDefaults, defineConfig } from "vitest/config";
import { mayMakeDevices } from "./test/peers/devices.js";

// Suites under test/peers talk to programs that must be installed (Open vSwitch, tshark, tcpdump);
// they have a project of their own, so that a plain test run needs nothing but Node.
export default defineConfig({
  test: {
    // All cores: Vitest would leave one of two idle.
    maxWorkers: "100%",
    projects: [
      {
        test: {
          name: "unit",
          include: ["test/**/*.test.ts"],
          exclude: [...configDefaults.exclude, "test/peers/**", "test/long/**"],
          benchmark: { include: ["test/**/*.bench.ts"] },
          setupFiles: ["test/setup.ts"],
          testTimeout: 20_000,
        },
      },
      {
        // What takes minutes, or a machine to itself.
        test: {
          name: "long",
          include: ["test/long/**/*.test.ts"],
          benchmark: { include: [] },
          testTimeout: 600_000,
          hookTimeout: 60_000,
          fileParallelism: false,
        },
      },
      {
        test: {
          name: "peers",
          include: ["test/peers/**/*.test.ts"],
          // The first two need programs that no distribution has; the variables say where they are.
          exclude: [
            ...configDefaults.exclude,
            ...(process.env.OFTR_ZOF ? [] : ["test/peers/clients.test.ts"]),
            ...(process.env.OFTR_PEER ? [] : ["test/peers/peer.test.ts"]),
            ...(mayMakeDevices() ? [] : ["test/peers/ovs-queues.test.ts"]),
          ],
          benchmark: { include: [] },
          testTimeout: 60_000,
          hookTimeout: 60_000,
          fileParallelism: false,
        },
      },
    ],
  },
});
