/** TCP ports of OpenFlow: the one of IANA, and the one of the years before. */
export const OPENFLOW_PORTS: readonly number[] = [6653, 6633];
