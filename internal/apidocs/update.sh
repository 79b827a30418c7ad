#!/usr/bin/env bash
# Fetches the pinned Scalar release from the npm registry, checks it against
# the pinned integrity, and writes scalar/: the browser bundle (gzip), Scalar's
# licence and the licences of what is compiled into the bundle.
#
# To update: look up the new version and its integrity with
#   npm view @scalar/api-reference@VERSION version dist.integrity engines
# set the two lines below, run this script, then the browser check
# (browsercheck/README.md), and read its list of requests before committing.
# 1.46.4 is the newest that npm installs on Node 20.
set -euo pipefail

VERSION=1.46.4
INTEGRITY=sha512-EpCcOG15Ry8DKNs/f5AdRA97s1B5kGPekzANpnK0j1IpyU4Sb/mfdyfB00WC+vUo7hfc4BFRSkkiPa5SSM7fng==

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"

npm pack --silent "@scalar/api-reference@$VERSION" >/dev/null
tarball=scalar-api-reference-$VERSION.tgz
got=sha512-$(openssl dgst -sha512 -binary "$tarball" | openssl base64 -A)
if [ "$got" != "$INTEGRITY" ]; then
	echo "integrity of $tarball is $got, want $INTEGRITY" >&2
	exit 1
fi
tar xzf "$tarball"

# The package carries no licence texts, so they come from an installation of
# it; the bundle's own module list says which packages are compiled in.
mkdir tree
cd tree
npm init --yes >/dev/null
npm install --silent --ignore-scripts --no-audit --no-fund "../$tarball"
node "$here/licences.mjs" "$work/tree/node_modules" \
	"$work/package/dist/browser/webpack-stats.json" >"$here/scalar/THIRD-PARTY-LICENCES.txt"
cp node_modules/@scalar/api-client/LICENSE "$here/scalar/LICENSE"

# -n leaves name and time out: the same input gives the same bytes.
gzip -9nc "$work/package/dist/browser/standalone.js" >"$here/scalar/standalone.js.gz"
printf '%s\n' "$VERSION" >"$here/scalar/VERSION"
ls -l "$here/scalar"
