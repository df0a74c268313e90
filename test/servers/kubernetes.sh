#!/usr/bin/env bash
# Kubernetes' API server on its etcd, without a node: what it accepts is what a cluster accepts. With the controllers, the
# scheduler and two nodes that only pretend to run pods (kwok), what is rolled out there becomes ready, too.
#
#   install     builds them from their modules (kubernetes/): ten minutes of CPU the first time; needs go and openssl
#   start       waits until it answers and knows the custom resources of kubernetes/versions.sh
#   start-full  also starts the controllers, the scheduler and the nodes
#   kubeconfig  prints the file for KUBECONFIG, that of an administrator
#   kubectl     prints the path of the kubectl of the same version
#   status      prints pid and address; exit code 3 when it does not run
#   stop        ends all of it; what was stored stays
#   restart     stop, then start, on the same port
#   clean       stops it and deletes what was stored
#
# Environment: KUBERNETES_PORT (default: a free one, kept until clean) and that of lib.sh.
NAME=kubernetes
READY_TIMEOUT="${READY_TIMEOUT:-180}"
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
. "$SCRIPTS/kubernetes/versions.sh"
PROGRAMS="$PROGRAMS_DIR/kubernetes-$(cat "$SCRIPTS"/kubernetes/{go.mod,versions.sh} | cksum | cut -d' ' -f1)"
PARTS=(nodes scheduler controllers "" etcd)

install() {
  have go || die "Kubernetes needs go"
  have openssl || apt_install openssl
  [ ! -d "$PROGRAMS" ] || return 0
  local fresh="$PROGRAMS.$$"
  mkdir -p "$fresh/crds"
  (cd "$SCRIPTS/kubernetes" && build "$fresh") >&2
  custom_resources | xargs cp -t "$fresh/crds"
  stages >"$fresh/stages.yaml"
  chmod -R u+w "$fresh"
  mv -T "$fresh" "$PROGRAMS"
}

# build DIRECTORY
build() {
  local version=k8s.io/component-base/version release=${KUBERNETES#v1.}
  export GOWORK=off GOFLAGS=-trimpath CGO_ENABLED=0
  go build -ldflags '-s -w' -o "$1/etcd" go.etcd.io/etcd/server/v3
  go build -ldflags '-s -w' -o "$1/kwok" sigs.k8s.io/kwok/cmd/kwok
  go build -ldflags "-s -w -X $version.gitVersion=$KUBERNETES -X $version.gitMajor=1 -X $version.gitMinor=${release%%.*}" -o "$1/" \
    k8s.io/kubernetes/cmd/{kube-apiserver,kube-controller-manager,kube-scheduler,kubectl}
}

# stages: what kwok makes of nodes and pods: ready at once.
stages() {
  local directory file
  directory=$(cd "$SCRIPTS/kubernetes" && go list -m -f '{{.Dir}}' sigs.k8s.io/kwok)/kustomize/stage
  for file in "$directory"/{node/fast,node/heartbeat-with-lease,pod/fast}/*.yaml; do
    [ "${file##*/}" = kustomization.yaml ] || { echo ---; cat "$file"; }
  done
}

port() { own_port port "${KUBERNETES_PORT:-}"; }
endpoint() { printf 'https://%s:%s' "$HOST" "$(port)"; }
kubeconfig() { printf '%s\n' "$HOME_DIR/admin.kubeconfig"; }
kubectl() { "$PROGRAMS/kubectl" --kubeconfig "$(kubeconfig)" "$@"; }
etcd_address() { printf 'http://%s:%s' "$HOST" "$(own_port etcd-port)"; }
etcd_is_healthy() { curl -fsS "$(etcd_address)/health"; }

# identities: an authority with the server's certificate, a key that signs service accounts, an administrator's token.
identities() {
  [ ! -s "$HOME_DIR/tokens.csv" ] || return 0
  local token
  token=$(openssl rand -hex 16)
  cd "$HOME_DIR"
  openssl req -x509 -newkey rsa:2048 -nodes -days 365 -subj /CN=kubernetes -keyout ca.key -out ca.crt
  openssl req -newkey rsa:2048 -nodes -subj /CN=kube-apiserver -keyout server.key -out server.csr
  openssl x509 -req -in server.csr -CA ca.crt -CAkey ca.key -CAcreateserial -days 365 -out server.crt \
    -extfile <(printf 'subjectAltName=IP:%s,DNS:kubernetes.default.svc\nextendedKeyUsage=serverAuth\n' "$HOST")
  openssl genrsa -out accounts.key 2048
  openssl rsa -in accounts.key -pubout -out accounts.pub
  cat >admin.kubeconfig <<YAML
apiVersion: v1
kind: Config
clusters: [{ name: test, cluster: { server: "$(endpoint)", certificate-authority: "$HOME_DIR/ca.crt" } }]
users: [{ name: admin, user: { token: "$token" } }]
contexts: [{ name: test, context: { cluster: test, user: admin } }]
current-context: test
YAML
  printf '%s,admin,admin,system:masters\n' "$token" >tokens.csv
}

start_etcd() {
  local peer
  peer=http://$HOST:$(own_port etcd-peer-port)
  launch "$NAME-etcd" "$PROGRAMS/etcd" --data-dir "$HOME_DIR/etcd" --unsafe-no-fsync --log-level warn \
    --listen-client-urls "$(etcd_address)" --advertise-client-urls "$(etcd_address)" \
    --listen-peer-urls "$peer" --initial-advertise-peer-urls "$peer" --initial-cluster "default=$peer"
  wait_ready "$NAME-etcd" etcd_is_healthy
}

start_server() {
  launch "$NAME" "$PROGRAMS/kube-apiserver" --etcd-servers "$(etcd_address)" --bind-address "$HOST" --secure-port "$(port)" \
    --endpoint-reconciler-type none --service-cluster-ip-range 10.96.0.0/16 \
    --tls-cert-file "$HOME_DIR/server.crt" --tls-private-key-file "$HOME_DIR/server.key" \
    --service-account-issuer https://kubernetes.default.svc --service-account-key-file "$HOME_DIR/accounts.pub" \
    --service-account-signing-key-file "$HOME_DIR/accounts.key" --token-auth-file "$HOME_DIR/tokens.csv" \
    --authorization-mode Node,RBAC
  wait_ready "$NAME" kubectl get --raw /readyz
  kubectl apply --server-side --filename "$PROGRAMS/crds" >/dev/null
  kubectl wait --for condition=Established crd --all --timeout 60s >/dev/null
}

start() {
  [ -d "$PROGRAMS" ] || die "run '$0 install' first"
  if pid_of "$NAME" >/dev/null; then status; return; fi
  (umask 077 && mkdir -p "$HOME_DIR" && identities) >"$DATA_DIR/$NAME.log" 2>&1
  pid_of "$NAME-etcd" >/dev/null || start_etcd
  start_server
  status
}

node() {
  cat <<YAML
apiVersion: v1
kind: Node
metadata:
  name: node-$1
  annotations: { kwok.x-k8s.io/node: fake }
  labels: { kubernetes.io/hostname: node-$1, kubernetes.io/os: linux, kubernetes.io/arch: amd64, topology.kubernetes.io/zone: zone-$1 }
status:
  allocatable: &all { cpu: "8", memory: 16Gi, pods: "110", ephemeral-storage: 50Gi }
  capacity: *all
---
YAML
}

are_ready() { kubectl wait --for condition=Ready node --all --timeout 1s && kubectl --namespace default get serviceaccount default; }

start_full() {
  start
  local access=(--kubeconfig "$(kubeconfig)" --leader-elect=false --secure-port 0)
  pid_of "$NAME-controllers" >/dev/null || launch "$NAME-controllers" "$PROGRAMS/kube-controller-manager" "${access[@]}" \
    --service-account-private-key-file "$HOME_DIR/accounts.key" --root-ca-file "$HOME_DIR/ca.crt"
  pid_of "$NAME-scheduler" >/dev/null || launch "$NAME-scheduler" "$PROGRAMS/kube-scheduler" "${access[@]}"
  pid_of "$NAME-nodes" >/dev/null || launch "$NAME-nodes" "$PROGRAMS/kwok" --kubeconfig "$(kubeconfig)" \
    --config "$PROGRAMS/stages.yaml" --manage-all-nodes=true --node-ip "$HOST" --cidr 10.244.0.1/24 --node-lease-duration-seconds 40
  { node 1; node 2; } | kubectl apply --filename - >/dev/null
  wait_ready "$NAME-nodes" are_ready
}

stop_all() {
  local part
  for part in "${PARTS[@]}"; do stop_server "$NAME${part:+-$part}"; done
}

case "${1:-}" in
  start-full) start_full ;;
  kubeconfig) need_running; kubeconfig ;;
  kubectl) printf '%s\n' "$PROGRAMS/kubectl" ;;
  stop) stop_all ;;
  restart) stop_all; start ;;
  clean) stop_all; clean; rm -f "$DATA_DIR/$NAME"-*.log ;;
  *) act "$@" ;;
esac
