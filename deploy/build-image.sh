#!/bin/sh
# Builds oftr from the sources around this file and puts what an image needs into the folder OUT, as it shall lie below /:
#
#     deploy/build-image.sh OUT
#
# Needs Node and npm. Works in the sources: run it in a copy. The Dockerfile runs it, and so does .ci/run, without a
# container engine.
set -eu
out=${1:?a folder for the image is missing}
cd "$(dirname "$0")/.."

npm ci --no-audit --no-fund
npm run build

mkdir -p "$out/opt/oftr" "$out/usr/local/bin" "$out/run/oftr"
cp -R bin dist package.json LICENSE "$out/opt/oftr/"
ln -sf ../../../opt/oftr/bin/oftr.js "$out/usr/local/bin/oftr"
chmod 0770 "$out/run/oftr"
