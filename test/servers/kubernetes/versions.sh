# The Kubernetes that manifests are held to, and the operators whose custom resources they use. Source it; it needs go.
KUBERNETES=$(awk '$1 == "k8s.io/kubernetes" { print $2; exit }' "$(dirname "${BASH_SOURCE[0]}")/go.mod")
CERT_MANAGER=github.com/cert-manager/cert-manager@v1.20.0
EXTERNAL_SECRETS=github.com/external-secrets/external-secrets@v1.3.2
GATEWAY_API=sigs.k8s.io/gateway-api@v1.6.3
PROMETHEUS_OPERATOR=github.com/prometheus-operator/prometheus-operator@v0.85.0

# module MODULE@VERSION: prints the directory of its source.
module() {
  (cd / && go mod download -json "$1") | sed -n 's/^[[:space:]]*"Dir": "\(.*\)",\{0,1\}$/\1/p'
}

# custom_resources: prints the files with the definitions of the custom resources.
custom_resources() {
  local operator
  operator=$(module "$CERT_MANAGER")/deploy/crds/cert-manager.io
  printf '%s\n' "${operator}"_{certificates,clusterissuers}.yaml
  operator=$(module "$EXTERNAL_SECRETS")/config/crds/bases/external-secrets.io
  printf '%s\n' "${operator}"_{externalsecrets,clustersecretstores}.yaml
  operator=$(module "$GATEWAY_API")/config/crd/standard/gateway.networking.k8s.io
  printf '%s\n' "${operator}"_{backendtlspolicies,gateways,httproutes}.yaml
  operator=$(module "$PROMETHEUS_OPERATOR")/example/prometheus-operator-crd/monitoring.coreos.com
  printf '%s\n' "${operator}"_{alertmanagers,podmonitors,prometheuses,prometheusrules,servicemonitors}.yaml
}
