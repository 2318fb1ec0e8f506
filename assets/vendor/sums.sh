#!/bin/sh
# Writes SHA256SUMS of everything that came from outside or was built from it.
cd "$(dirname "$0")" && find . -type f ! -name SHA256SUMS ! -name '*.py' ! -name '*.sh' | sort | xargs sha256sum > SHA256SUMS
