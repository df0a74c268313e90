#!/usr/bin/env bash
# Prints the objects of an overlay with every Kustomize component of the service, also those that the overlay does not list.
#
# usage: render-overlay.sh OVERLAY      environment: KUSTOMIZE, the command (default: kustomize build)
set -euo pipefail

overlay=$(cd "$1" && pwd)
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
# Kustomize takes no absolute paths.
from_scratch() { realpath --relative-to="$scratch" "$1"; }
{
  grep '^namespace:' "$overlay/kustomization.yaml"
  printf 'resources: ["%s"]\ncomponents: [' "$(from_scratch "$overlay")"
  for component in "$overlay"/../../components/*; do
    grep -q "components/${component##*/}\$" "$overlay/kustomization.yaml" || printf '"%s", ' "$(from_scratch "$component")"
  done
  echo ']'
} >"$scratch/kustomization.yaml"
${KUSTOMIZE:-kustomize build} "$scratch"
