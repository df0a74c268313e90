#!/bin/sh
# Brings Elasticsearch and Kibana to what this folder says: index template, lifecycle, users, data view. Doing it twice changes nothing.
#
# usage: setup.sh [FILE.ndjson...]   more saved objects for Kibana
#
#   ELASTICSEARCH_URL, KIBANA_URL, JAEGER_URL   the last one as browsers reach it, for links from a log to its trace
#   ELASTIC_PASSWORD, KIBANA_PASSWORD, FILEBEAT_PASSWORD, GRAFANA_PASSWORD   empty where Elasticsearch runs without security
set -eu
here=$(dirname "$0")

# send METHOD URL [FILE]: fails with the answer when it is not one of success. The password is not on the command line.
send() {
  method=$1 url=$2 body=${3:-}
  set -- --silent --show-error --fail-with-body --retry 60 --retry-delay 2 --retry-all-errors --request "$method" --header kbn-xsrf:setup
  [ -z "${ELASTIC_PASSWORD:-}" ] || set -- "$@" --config -
  case $body in
    '') ;;
    *.ndjson) set -- "$@" --form "file=@$body" ;;
    *) set -- "$@" --header Content-Type:application/json --data-binary "@$body" ;;
  esac
  printf 'user = "elastic:%s"\n' "${ELASTIC_PASSWORD:-}" | curl "$@" "$url"
  echo
}

scratch=$(mktemp -d)
send GET "$ELASTICSEARCH_URL/_cluster/health?wait_for_status=yellow&timeout=60s"
send PUT "$ELASTICSEARCH_URL/_ilm/policy/service-logs" "$here/lifecycle.json"
send PUT "$ELASTICSEARCH_URL/_index_template/service-logs" "$here/index-template.json"
if [ -n "${ELASTIC_PASSWORD:-}" ]; then
  printf '{"password": "%s"}' "$KIBANA_PASSWORD" >"$scratch/kibana.json"
  send POST "$ELASTICSEARCH_URL/_security/user/kibana_system/_password" "$scratch/kibana.json"
  send PUT "$ELASTICSEARCH_URL/_security/role/log-shipper" "$here/log-shipper.json"
  printf '{"password": "%s", "roles": ["log-shipper"]}' "$FILEBEAT_PASSWORD" >"$scratch/filebeat.json"
  send PUT "$ELASTICSEARCH_URL/_security/user/filebeat" "$scratch/filebeat.json"
  send PUT "$ELASTICSEARCH_URL/_security/role/log-reader" "$here/log-reader.json"
  printf '{"password": "%s", "roles": ["log-reader"]}' "$GRAFANA_PASSWORD" >"$scratch/grafana.json"
  send PUT "$ELASTICSEARCH_URL/_security/user/grafana" "$scratch/grafana.json"
fi
for objects in "$here"/*.ndjson "$@"; do
  copy=$scratch/$(basename "$objects")
  sed "s|http://localhost:16686|$JAEGER_URL|g" "$objects" >"$copy"
  send POST "$KIBANA_URL/api/saved_objects/_import?overwrite=true" "$copy"
done
