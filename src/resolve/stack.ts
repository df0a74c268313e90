/**
 * Versions of what services are observed with, the same in compose.yaml of a service and in the bundle of a platform. Each is
 * the tag of an image.
 */
export interface Stack {
  /** Elasticsearch, Kibana, Filebeat and Logstash, which are released together. */
  readonly elastic: string;
  readonly collector: string;
  readonly jaeger: string;
  readonly prometheus: string;
  readonly alertmanager: string;
  readonly grafana: string;
  /** What brings the dashboards of services to Grafana. */
  readonly sidecar: string;
  /** What sends index templates and saved objects. */
  readonly curl: string;
}

/** The versions of this version of the tool. */
export const stack: Stack = {
  elastic: '8.19.5',
  collector: '0.162.0',
  jaeger: '2.13.0',
  prometheus: '3.15.0',
  alertmanager: '0.31.1',
  grafana: '13.2.3',
  sidecar: '2.11.2',
  curl: '8.11.1',
};
