#!/bin/sh
# Blocks an IPv4 address on all switches, or lets it through again: scripts need `oftr call` and nothing else.
#
#     oftr jsonrpc --listen unix:/run/oftr/rpc.sock --openflow tcp:0.0.0.0:6653
#     export OFTR_RPC=unix:/run/oftr/rpc.sock
#     examples/shell/block-address.sh block 192.0.2.7
#     examples/shell/block-address.sh unblock 192.0.2.7
#     examples/shell/block-address.sh list
#
# Each command ends with 0 where all switches have done it. OFTR says where the program is.
set -eu

oftr=${OFTR:-oftr}
cookie=0xb10c
priority=60000

# The connections of switches: listeners have no datapath_id.
switches() {
  $oftr call --yaml OFP.LIST_CONNECTIONS 'conn_id: 0' |
    awk '$1 == "datapath_id:" { id = $2; gsub(/[^0-9a-f:]/, "", id) }
         $1 == "conn_id:" && id != "" { print $2 }'
}

# YAML is easier to write in a script than JSON. OFP.REQUEST waits until the switch has done it, and fails where it refuses.
flow_mod() {
  $oftr call OFP.REQUEST - >/dev/null <<YAML
conn_id: $1
type: FLOW_MOD
msg:
  command: $2
  table_id: 0
  priority: $priority
  cookie: $cookie
  match:
    - {field: ETH_TYPE, value: 0x0800}
    - {field: IPV4_SRC, value: $3}
  instructions: []
YAML
}

# The addresses that are blocked: those of flows with our priority.
list() {
  $oftr call --yaml OFP.REQUEST - <<YAML |
conn_id: $1
type: FLOW_DESC_REQUEST
msg: {table_id: ALL, out_port: ANY, out_group: ANY, cookie: 0, cookie_mask: 0, match: []}
YAML
    awk -v ours=$priority '
      /priority: / { blocks = $NF == ours }
      blocks && /value: .*[.]/ { gsub(/[^0-9.]/, "", $2); print $2 }'
}

usage() {
  echo "usage: $0 block|unblock ADDRESS, or $0 list" >&2
  exit 2
}

[ $# -ge 1 ] || usage
case $1 in
  block) command=ADD ;;
  unblock) command=DELETE_STRICT ;;
  list) command= ;;
  *) usage ;;
esac
[ -z "$command" ] || [ $# -eq 2 ] || usage

for conn_id in $(switches); do
  if [ -n "$command" ]; then
    flow_mod "$conn_id" "$command" "$2"
    echo "$1 $2 on connection $conn_id"
  else
    list "$conn_id" | sed "s/$/ is blocked on connection $conn_id/"
  fi
done
