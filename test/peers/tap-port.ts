/** A port with queues of its own: a network device that Open vSwitch makes, and takes away when it ends. */
import type { OpenVSwitch } from "./ovs.js";
import { runProgram } from "./programs.js";

/**
 * Adds a port whose traffic the kernel sorts into queues (linux-htb).
 * @param name    of the device, which the whole system sees
 * @param queues  their numbers
 */
export async function addPortWithQueues(
  ovs: OpenVSwitch,
  bridge: string,
  name: string,
  port: number,
  queues: readonly number[],
): Promise<void> {
  const rate = "other-config:max-rate=10000000";
  await ovs.vsctl(
    ...["add-port", bridge, name, "--", "set", "interface", name, "type=tap", `ofport_request=${port}`],
    ...["--", "set", "port", name, "qos=@qos", "--", "--id=@qos", "create", "qos", "type=linux-htb", rate],
    ...queues.map((number) => `queues:${number}=@q${number}`),
    ...queues.flatMap((number) => ["--", `--id=@q${number}`, "create", "queue", rate]),
  );
}

const SEND = `import socket, sys
name, priority, frame, count = sys.argv[1:]
s = socket.socket(socket.AF_PACKET, socket.SOCK_RAW)
s.setsockopt(socket.SOL_SOCKET, socket.SO_PRIORITY, int(priority))
s.bind((name, 0))
for _ in range(int(count)): s.send(bytes.fromhex(frame))
`;

/** Has the kernel send a frame by a queue of a device: Open vSwitch's class for queue n is 1:(n + 1). */
export async function sendByQueue(name: string, queue: number, frame: string, count: number): Promise<void> {
  await runProgram("python3", ["-c", SEND, name, String(0x1_0001 + queue), frame, String(count)]);
}
