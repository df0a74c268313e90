// Checks what no schema sees: that every name which points at another object points at one that exists, and that
// every container keeps the rules of docs/defaults. Reads one rendered overlay.
// usage: node check-manifests.mjs RENDERED.yaml
import { readFileSync } from 'node:fs';
import { parse, parseAllDocuments } from 'yaml';

const objects = parseAllDocuments(readFileSync(process.argv[2], 'utf8')).map((document) => document.toJS());
const problems = [];
const report = (object, message) => problems.push(`${object.kind} ${object.metadata.name}: ${message}`);
const ofKind = (...kinds) => objects.filter(({ kind }) => kinds.includes(kind));
const workloads = ofKind('Deployment', 'Job', 'StatefulSet', 'CronJob');
const podOf = ({ spec }) => (spec.jobTemplate ?? { spec }).spec.template;

const selects = (selector, labels) => Object.entries(selector).every(([key, value]) => labels?.[key] === value);
const selected = (selector) => workloads.filter((workload) => selects(selector, podOf(workload).metadata.labels));
/** No Secret is in a repository: these are made by what the operators read. */
const secretNames = new Set([
  ...ofKind('ExternalSecret').map(({ metadata, spec }) => spec.target?.name ?? metadata.name),
  ...ofKind('Certificate').map(({ spec }) => spec.secretName),
]);
const portNames = (workload) =>
  podOf(workload).spec.containers.flatMap(({ ports = [] }) =>
    ports.flatMap(({ name, containerPort }) => [name, containerPort]),
  );

/** Bytes of a quantity such as 256Mi. */
function bytes(quantity) {
  const [, number, unit] = /^(\d+)(Ki|Mi|Gi)?B?$/.exec(quantity) ?? [];
  return Number(number) * { undefined: 1, Ki: 2 ** 10, Mi: 2 ** 20, Gi: 2 ** 30 }[unit];
}

function checkReferences(workload) {
  const { spec } = podOf(workload);
  const exists = (kind, name) => ofKind(kind).some(({ metadata }) => metadata.name === name);
  if (!exists('ServiceAccount', spec.serviceAccountName))
    report(workload, `no ServiceAccount ${spec.serviceAccountName}`);
  const volumes = new Set(spec.volumes?.map(({ name }) => name));
  for (const { configMap, secret } of spec.volumes ?? []) {
    if (configMap && !exists('ConfigMap', configMap.name)) report(workload, `no ConfigMap ${configMap.name}`);
    if (secret && !secret.optional && !secretNames.has(secret.secretName))
      report(workload, `nothing makes the Secret ${secret.secretName}`);
  }
  for (const { volumeMounts = [] } of spec.containers) {
    for (const { name } of volumeMounts) if (!volumes.has(name)) report(workload, `no volume ${name}`);
  }
}

function checkContainer(workload, container) {
  const wrong = (message) => report(workload, `container ${container.name}: ${message}`);
  const { requests, limits } = container.resources;
  if (requests.memory !== limits.memory) wrong('memory request and limit differ');
  if (limits.cpu !== undefined) wrong('has a CPU limit');
  if (!/:[^:/]+$/.test(container.image) || container.image.endsWith(':latest'))
    wrong(`image without a version: ${container.image}`);
  const goMemory = container.env.find(({ name }) => name === 'GOMEMLIMIT');
  if (!(Math.abs(bytes(goMemory.value) / bytes(limits.memory) - 0.85) < 0.01))
    wrong('GOMEMLIMIT is not 85 % of the memory limit');
  const security = container.securityContext;
  if (!security.readOnlyRootFilesystem) wrong('root file system can be written');
  if (security.allowPrivilegeEscalation !== false) wrong('privileges can grow');
  if (security.capabilities.drop[0] !== 'ALL') wrong('keeps capabilities');
  for (const probe of ['startupProbe', 'readinessProbe', 'livenessProbe']) {
    const port = container[probe]?.httpGet.port;
    if (port !== undefined && !portNames(workload).includes(port))
      wrong(`${probe} asks port ${port}, which is not there`);
  }
}

function checkWorkload(workload) {
  const { spec } = podOf(workload);
  checkReferences(workload);
  if (spec.automountServiceAccountToken !== false) report(workload, 'mounts a token');
  if (!spec.securityContext.runAsNonRoot || !spec.securityContext.seccompProfile)
    report(workload, 'breaks Pod Security restricted');
  for (const container of spec.containers) checkContainer(workload, container);
  if (workload.kind === 'Deployment') checkDeployment(workload, spec);
}

function checkDeployment(deployment, spec) {
  if (!selects(deployment.spec.selector.matchLabels, podOf(deployment).metadata.labels))
    report(deployment, 'does not select its own pods');
  if (spec.terminationGracePeriodSeconds < 60) report(deployment, 'is killed before its drain can end');
  const [container] = spec.containers;
  const paths = ['startupProbe', 'readinessProbe', 'livenessProbe'].map((probe) => container[probe]?.httpGet.path);
  if (new Set(paths).size !== 3 || paths.includes(undefined)) report(deployment, 'its three probes do not differ');
}

/** Every name by which the service is dialled is in its certificate, and a pod has the certificate. */
function checkCertificate(certificate) {
  const { secretName, dnsNames } = certificate.spec;
  if (!workloads.some((each) => podOf(each).spec.volumes.some(({ secret }) => secret?.secretName === secretName)))
    report(certificate, `no pod mounts ${secretName}`);
  for (const { metadata, spec } of ofKind('Service')) {
    // Nobody but Prometheus asks the admin port, and that without encryption.
    if (spec.ports.every(({ targetPort }) => targetPort === 'admin')) continue;
    for (const name of [metadata.name, `${metadata.name}.${metadata.namespace}.svc`])
      if (!dnsNames.includes(name)) report(certificate, `is not for ${name}`);
  }
}

/** The admin port has no encryption and no login: only a namespace that is named gets in. */
function checkAdminPort(policy) {
  const rules = (policy.spec.ingress ?? []).filter(({ ports }) => !ports || ports.some(({ port }) => port === 'admin'));
  for (const { from = [{}] } of rules) {
    if (from.some(({ namespaceSelector }) => Object.keys(namespaceSelector?.matchLabels ?? {}).length === 0))
      report(policy, 'lets everybody in to the admin port');
  }
}

const schemePorts = { 'http:': 80, 'https:': 443 };

/** The port that a value of the configuration names on a host that is elsewhere; undefined for all other values. */
function portElsewhere(value) {
  const text = String(value);
  const host = URL.canParse(text) ? new URL(text) : undefined;
  if (host?.hostname) return /\.svc$/.test(host.hostname) ? undefined : Number(host.port || schemePorts[host.protocol]);
  const [, name = '', port] = /^([a-z][\w.-]*):(\d+)(,|$)/.exec(text) ?? [];
  return name === '' || name === 'localhost' ? undefined : Number(port);
}

/** What the configuration names as elsewhere, a policy lets the pods reach. */
function checkEgress(configuration) {
  const rules = ofKind('NetworkPolicy').flatMap(({ spec }) => spec.egress ?? []);
  const open = new Set(rules.flatMap(({ ports = [] }) => ports.map(({ port }) => port)));
  for (const [key, value] of Object.entries(parse(configuration.data['config.yaml']))) {
    const port = portElsewhere(value);
    if (port !== undefined && !open.has(port))
      report(configuration, `${key} is ${value}, and no policy lets it be reached`);
  }
}

/** Where a route leads to, and whom a policy is about: a port of a Service that is there. */
function checkBackend(object, name, isPort) {
  const service = ofKind('Service').find(({ metadata }) => metadata.name === name);
  if (!service?.spec.ports.some(isPort)) report(object, `no such port of a Service ${name}`);
}

function checkServiceMonitor(monitor) {
  const { selector, endpoints } = monitor.spec;
  const services = ofKind('Service').filter(({ metadata }) => selects(selector.matchLabels, metadata.labels));
  const watched = new Set(services.flatMap((service) => selected(service.spec.selector)));
  for (const deployment of ofKind('Deployment'))
    if (!watched.has(deployment)) report(monitor, `misses ${deployment.metadata.name}`);
  for (const { port } of endpoints)
    for (const { metadata } of services) checkBackend(monitor, metadata.name, ({ name }) => name === port);
}

workloads.forEach(checkWorkload);
ofKind('ServiceMonitor').forEach(checkServiceMonitor);
for (const route of ofKind('HTTPRoute')) {
  for (const { name, port } of route.spec.rules.flatMap(({ backendRefs }) => backendRefs))
    checkBackend(route, name, (each) => each.port === port);
}
for (const policy of ofKind('BackendTLSPolicy')) {
  for (const { name, sectionName } of policy.spec.targetRefs)
    checkBackend(policy, name, (each) => each.name === sectionName);
  if (!ofKind('Certificate').some(({ spec }) => spec.dnsNames.includes(policy.spec.validation.hostname)))
    report(policy, `no certificate is for ${policy.spec.validation.hostname}`);
}
for (const service of ofKind('Service')) {
  const targets = selected(service.spec.selector);
  if (targets.length !== 1) report(service, `selects the pods of ${targets.length} workloads`);
  for (const { targetPort } of service.spec.ports) {
    if (targets.some((target) => !portNames(target).includes(targetPort)))
      report(service, `no port ${targetPort} in its pods`);
  }
}
for (const budget of ofKind('PodDisruptionBudget')) {
  if (selected(budget.spec.selector.matchLabels).length !== 1)
    report(budget, 'does not select the pods of one workload');
}
for (const scaler of ofKind('HorizontalPodAutoscaler')) {
  const { kind, name } = scaler.spec.scaleTargetRef;
  if (!ofKind(kind).some(({ metadata }) => metadata.name === name)) report(scaler, `no ${kind} ${name}`);
  if (!(scaler.spec.minReplicas <= scaler.spec.maxReplicas)) report(scaler, 'wants more than it may have');
}
for (const policy of ofKind('NetworkPolicy')) {
  const labels = policy.spec.podSelector.matchLabels;
  const targets = labels ? selected(labels) : workloads;
  if (targets.length === 0) report(policy, 'selects no pods');
  checkAdminPort(policy);
  for (const { port } of (policy.spec.ingress ?? []).flatMap(({ ports = [] }) => ports)) {
    if (!targets.some((target) => portNames(target).includes(port)))
      report(policy, `lets in port ${port}, which no pod has`);
  }
}
for (const configuration of ofKind('ConfigMap').filter(({ data }) => data['config.yaml'])) checkEgress(configuration);
for (const certificate of ofKind('Certificate')) checkCertificate(certificate);
const namespaces = new Set(ofKind('Namespace').map(({ metadata }) => metadata.name));
for (const object of objects) {
  if (object.kind !== 'Namespace' && !namespaces.has(object.metadata.namespace))
    report(object, 'is in no namespace of this overlay');
}

for (const problem of problems) process.stderr.write(`${problem}\n`);
process.stdout.write(`${objects.length} objects, ${problems.length} problems\n`);
process.exitCode = problems.length === 0 ? 0 : 1;
