/** The handshake, and what a connection can always be asked. */
import { expect, it } from "vitest";
import type { Json } from "../daemon.js";
import { BRIDGE, DATAPATH } from "../lab.js";
import { resetBefore, type Suite, V1_0, V1_1, V1_2, V1_3, V1_4 } from "./suite.js";

const NUMBERED = [1, 2, 3] as const;

export function checkHandshake(suite: Suite): void {
  const { lab, version } = suite;
  resetBefore(suite);

  it("ends with the switch's features and ports", async () => {
    const { up, ovs } = lab();
    expect(up).toMatchObject({ version, conn_id: 2, datapath_id: DATAPATH });
    const features = up.msg.features as Json & { readonly ports: readonly Json[] };
    expect(features).toMatchObject({ datapath_id: DATAPATH, n_buffers: 0, n_tables: 254, auxiliary_id: 0 });
    const addresses = await Promise.all(
      NUMBERED.map((n) => ovs.vsctl("get", "interface", `${BRIDGE}-p${n}`, "mac_in_use")),
    );
    expect(features.ports.map(({ port_no, name, hw_addr }) => ({ port_no, name, hw_addr }))).toEqual([
      expect.objectContaining({ port_no: "LOCAL", name: BRIDGE }),
      ...NUMBERED.map((n, i) => ({
        port_no: n,
        name: `${BRIDGE}-p${n}`,
        hw_addr: JSON.parse(addresses[i] as string) as string,
      })),
    ]);
  });

  it("says what the switch can do", () => {
    const { capabilities } = lab().up.msg.features as Json;
    expect(capabilities).toEqual([
      "FLOW_STATS",
      "TABLE_STATS",
      "PORT_STATS",
      ...(version > V1_0 ? ["GROUP_STATS"] : []),
      "QUEUE_STATS",
      ...(version < V1_2 ? ["ARP_MATCH_IP"] : []),
      ...(version >= V1_4 ? ["BUNDLES"] : []),
    ]);
  });

  if (version === V1_0) {
    it("lists the actions of the switch", () => {
      expect((lab().up.msg.features as Json).actions).toEqual([
        "OUTPUT",
        "SET_VLAN_VID",
        "SET_VLAN_PCP",
        "STRIP_VLAN",
        "SET_DL_SRC",
        "SET_DL_DST",
        "SET_NW_SRC",
        "SET_NW_DST",
        "SET_NW_TOS",
        "SET_TP_SRC",
        "SET_TP_DST",
        "ENQUEUE",
      ]);
    });
  }

  it("is seen by the switch", async () => {
    const { ovs, port } = lab();
    await ovs.logged(`${BRIDGE}<->tcp:127.0.0.1:${port}: connected`);
  });

  it("can be asked for again", async () => {
    const { ports, ...features } = lab().up.msg.features as Json;
    const reply = await lab().ask("FEATURES_REQUEST", {});
    // Since 1.3 the ports are asked for on their own.
    const ofReply = version < V1_3 ? { ...features, ports } : features;
    expect(reply).toMatchObject({ type: "FEATURES_REPLY", msg: ofReply });
  });

  it("is followed by echoes", async () => {
    const reply = await lab().ask("ECHO_REQUEST", { data: "000102FDFEFF" });
    expect(reply).toMatchObject({ type: "ECHO_REPLY", msg: { data: "000102FDFEFF" } });
  });

  it("is followed by a configuration that can be changed", async () => {
    const config = { flags: ["FRAG_DROP"], miss_send_len: 256 };
    await lab().tell("SET_CONFIG", config);
    const reply = await lab().ask("GET_CONFIG_REQUEST", {});
    expect(reply).toMatchObject({ type: "GET_CONFIG_REPLY", msg: config });
    await lab().tell("SET_CONFIG", { flags: ["FRAG_NORMAL"], miss_send_len: 128 });
  });

  if (version === V1_1 || version === V1_2) {
    it("is followed by a configuration for packets whose time to live is over", async () => {
      const config = { flags: ["FRAG_NORMAL", "INVALID_TTL_TO_CONTROLLER"], miss_send_len: 128 };
      await lab().tell("SET_CONFIG", config);
      expect(await lab().ask("GET_CONFIG_REQUEST", {})).toMatchObject({ msg: config });
      await lab().tell("SET_CONFIG", { ...config, flags: ["FRAG_NORMAL"] });
    });
  }
}
