/** What `add` and `remove` take beside the names of components. */
export const kindNames = [
  'resource',
  'field',
  'action',
  'task',
  'consumer',
  'client',
  'environment',
  'config',
  'events',
  'cache',
  'rest',
  'grpc',
] as const;
