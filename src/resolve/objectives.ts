/** Which metrics tell whether an API keeps its objectives; selectors are PromQL without braces. */
export interface Objective {
  readonly api: 'rest' | 'grpc';
  /** Histogram of what calls took, without the ending of its parts. */
  readonly duration: string;
  /** Selects calls with an error of ours. */
  readonly failed: string;
  /** Selects all others. */
  readonly answered: string;
  /** Selects one kind of failed calls, and of answered ones, for tests. */
  readonly aFailed: string;
  readonly anAnswered: string;
  /** Key of the time that an answer may take. */
  readonly threshold: string;
}

/** The codes of gRPC that are a fault of the service: OpenTelemetry's semantic conventions for RPC spans of a server. */
const faults = 'UNKNOWN|DEADLINE_EXCEEDED|INTERNAL|UNAVAILABLE|DATA_LOSS';

const grpc: Objective = {
  api: 'grpc',
  duration: 'rpc_server_call_duration_seconds',
  failed: `rpc_response_status_code=~"${faults}"`,
  answered: `rpc_response_status_code!~"${faults}"`,
  aFailed: 'rpc_response_status_code="INTERNAL"',
  anAnswered: 'rpc_response_status_code="OK"',
  threshold: 'GRPC_SLO_THRESHOLD',
};

const rest: Objective = {
  api: 'rest',
  duration: 'http_server_request_duration_seconds',
  failed: 'http_response_status_class="5xx"',
  answered: 'http_response_status_class!="5xx"',
  aFailed: 'http_response_status_class="5xx"',
  anAnswered: 'http_response_status_class="2xx"',
  threshold: 'HTTP_SLO_THRESHOLD',
};

/** Returns how the objectives of each API are measured. */
export function objectives(api: { readonly rest: boolean; readonly grpc: boolean }): readonly Objective[] {
  return [...(api.grpc ? [grpc] : []), ...(api.rest ? [rest] : [])];
}
