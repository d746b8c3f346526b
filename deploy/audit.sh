#!/bin/sh
# Known vulnerabilities of what an installation would bring: sh deploy/audit.sh [extras, default server]
set -eu
cd "$(dirname "$0")/.."
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet ./engine_clients/python ".[${1:-server}]" pip-audit
"$folder/venv/bin/pip-audit" --local
