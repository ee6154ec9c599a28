/** A controller that for a while does not read what its flow monitor tells. */
import { BRIDGE, type Lab } from "../lab.js";
import { poll } from "../programs.js";

/** Bytes in an action of a flow, with which few flows fill what is between the switch and the daemon. */
const NOTE = `note:${Array.from({ length: 30_000 }, () => "00").join(".")}`;

/** Priority of the flow that is added while the monitor is paused. */
export const LATE_PRIORITY = 60_000;

/** Adds flows while the daemon stands still, until the switch pauses the monitor, which tells of actions; then one more. */
export async function fallBehind(lab: Lab): Promise<void> {
  const add = (priority: number, action: string): Promise<string> =>
    lab.ovs.ofctl(BRIDGE, lab.version, "add-flow", `in_port=1,priority=${priority},actions=${action}`);
  const pauses = (): Promise<string> => lab.ovs.appctl("coverage/read-counter", "ofmonitor_pause");
  const before = await pauses();
  let priority = 0;
  lab.daemon.signal("SIGSTOP");
  try {
    await poll(
      "the monitor to be paused",
      async () => {
        const flows = Array.from({ length: 20 }, () => `in_port=1,priority=${++priority},actions=${NOTE}`);
        await lab.ovs.addFlows(BRIDGE, lab.version, flows);
        return pauses();
      },
      (now) => now !== before,
    );
    await add(LATE_PRIORITY, "drop");
  } finally {
    lab.daemon.signal("SIGCONT");
  }
}
