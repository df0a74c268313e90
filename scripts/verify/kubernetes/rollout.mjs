/**
 * Checks what the controllers made of a namespace: everything that selects something has found it.
 *
 * @returns what is wrong, a line each
 */
export async function rolloutProblems(cluster, namespace) {
  const [slices, services, budgets, scalers] = await Promise.all(
    ['endpointslices', 'services', 'poddisruptionbudgets', 'horizontalpodautoscalers'].map((kind) =>
      cluster.list(kind, namespace),
    ),
  );
  return [
    ...services
      .filter((service) => !isReached(service, slices))
      .map((service) => `Service ${nameOf(service)}: no ready pod`),
    ...budgets
      .filter(({ status }) => !(status?.expectedPods > 0))
      .map((each) => `PodDisruptionBudget ${nameOf(each)}: no pods`),
    ...scalers.filter((each) => !isAble(each)).map((each) => `HorizontalPodAutoscaler ${nameOf(each)}: cannot scale`),
  ];
}

/** A pod that is ready, and the port by the name that the Service asks for. */
function isReached({ metadata }, slices) {
  return slices
    .filter((slice) => slice.metadata.labels['kubernetes.io/service-name'] === metadata.name)
    .some(
      ({ endpoints, ports }) => ports?.some(({ port }) => port) && endpoints?.some((each) => each.conditions.ready),
    );
}

function isAble({ status }) {
  return status?.conditions?.some(({ type, status: is }) => type === 'AbleToScale' && is === 'True');
}

function nameOf({ metadata }) {
  return metadata.name;
}
