#!/bin/sh
# Installs what the tests run against (Redis, Mosquitto, Chromium, Chinese fonts), only if missing.
set -eu

packages=""
command -v redis-server >/dev/null 2>&1 || packages="$packages redis-server"
[ -x /usr/sbin/mosquitto ] || command -v mosquitto >/dev/null 2>&1 || packages="$packages mosquitto"
command -v chromium >/dev/null 2>&1 || packages="$packages chromium"
[ -n "$(find /usr/share/fonts -name 'NotoSansCJK*' -print -quit 2>/dev/null)" ] ||
    packages="$packages fonts-noto-cjk"
[ -z "$packages" ] && exit 0

as_root=""
[ "$(id -u)" = 0 ] || as_root="sudo"
# The packages start a service of their own where they can; the tests start their own servers.
$as_root env DEBIAN_FRONTEND=noninteractive apt-get update -qq
# shellcheck disable=SC2086
$as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $packages
