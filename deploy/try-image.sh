#!/usr/bin/env bash
# Starts what deploy/build-image.sh has put into a folder as the Dockerfile says: its variables, its command, a user who
# is not root. Then asks what its HEALTHCHECK asks, and ends it as `docker stop` does.
#
#     deploy/try-image.sh FOLDER
#
# Paths below /run/oftr lie in a temporary folder, and the port of OpenFlow is 16653: the machine may be used otherwise.
set -euo pipefail
image=$(realpath "${1:?the folder of the image is missing}")
dockerfile=$(realpath "$(dirname "$0")/../Dockerfile")
work=$(mktemp -d)
daemon=
trap '[ -z "$daemon" ] || kill -9 "$daemon" 2>/dev/null || true; rm -rf "$work"' EXIT
chmod 0755 "$work"
cp -R "$image" "$work/root"
mv "$work/root/run/oftr" "$work/run"

as_user=()
if [ "$(id -u)" -eq 0 ]; then
  chown -R 1000:1000 "$work/run"
  as_user=(setpriv --reuid=1000 --regid=1000 --clear-groups)
fi

here() {
  sed "s#/run/oftr#$work/run#g; s#:6653#:16653#g"
}

# words INSTRUCTION: the words of its JSON list, a line each.
words() {
  sed -n "s/^$1.*\(\[.*\]\)\$/\1/p" "$dockerfile" | here |
    node -e 'for (const word of JSON.parse(require("node:fs").readFileSync(0, "utf8"))) console.log(word)'
}

while read -r pair; do export "${pair?}"; done < <(sed -n 's/^ENV //p' "$dockerfile" | here)
mapfile -t command < <(words ENTRYPOINT; words CMD)
mapfile -t health < <(words HEALTHCHECK)
export PATH=$work/root/usr/local/bin:$PATH

printf 'starting: %s\n' "${command[*]}"
"${as_user[@]}" "${command[@]}" </dev/null &
daemon=$!
for ((tries = 0; ; tries++)); do
  if "${as_user[@]}" "${health[@]}"; then break; fi
  if [ "$tries" -ge 20 ] || ! kill -0 "$daemon"; then exit 1; fi
  sleep 0.5
done
[ "$(stat -c %a "$work/run/rpc.sock")" = 660 ] || { echo "the mode of the socket is wrong"; exit 1; }
if [ ${#as_user[@]} -gt 0 ] && [ "$(stat -c %u "/proc/$daemon")" != 1000 ]; then
  echo "it runs as root"
  exit 1
fi
get_ready='require("node:http").get("http://" + process.argv[1] + "/readyz", (r) => process.exit(r.statusCode === 200 ? 0 : 1))'
node -e "$get_ready" "$OFTR_METRICS"

kill -TERM "$daemon"
wait "$daemon"
[ ! -e "$work/run/rpc.sock" ] || { echo "the socket is left behind"; exit 1; }
echo "the image starts, answers and ends"
