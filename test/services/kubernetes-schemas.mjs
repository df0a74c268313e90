// Turns Kubernetes' own OpenAPI document, and definitions of custom resources, into strict JSON Schemas, in the layout that
// kubeconform looks for.
// usage: node kubernetes-schemas.mjs SWAGGER.json OUTDIR [CRD.yaml ...]
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { parse } from 'yaml';

const [document, directory, ...customResources] = process.argv.slice(2);
const { definitions } = JSON.parse(readFileSync(document, 'utf8'));
const quantity = {
  oneOf: [
    { type: 'string', pattern: '^[+-]?([0-9]+|[0-9]+\\.[0-9]*|\\.[0-9]+)(([KMGTPE]i)|[numkMGTPE]|[eE][+-]?[0-9]+)?$' },
    { type: 'number' },
  ],
};

/** Refuses unknown properties; drops what is no JSON Schema. */
function strict(schema) {
  if (Array.isArray(schema)) return schema.map(strict);
  if (schema === null || typeof schema !== 'object') return schema;
  if (schema.format === 'int-or-string') return { oneOf: [{ type: 'string' }, { type: 'integer' }] };
  const entries = Object.entries(schema).flatMap(([key, value]) => entry(key, value));
  const result = Object.fromEntries(entries);
  return result.properties && !('additionalProperties' in result) ? { ...result, additionalProperties: false } : result;
}

function entry(key, value) {
  if (key === '$ref') return [[key, value.replace('#/definitions/', '_definitions.json#/definitions/')]];
  if (key === 'properties') {
    return [[key, Object.fromEntries(Object.entries(value).map(([name, property]) => [name, strict(property)]))]];
  }
  if (key.startsWith('x-kubernetes') || ['description', 'default', 'format'].includes(key)) return [];
  return [[key, strict(value)]];
}

/** `deployment-apps-v1`: the kind, the first label of its group, its version. */
function fileName({ group, kind, version }) {
  return [kind, ...(group === '' ? [] : [group.split('.')[0]]), version].join('-').toLowerCase();
}

/** Kubernetes leaves apiVersion and kind optional and open; here they are required, with their one value. */
function ofKind(schema, { group, kind, version }) {
  const apiVersion = group === '' ? version : `${group}/${version}`;
  return {
    ...schema,
    properties: { ...schema.properties, apiVersion: { const: apiVersion }, kind: { const: kind } },
    required: [...new Set([...(schema.required ?? []), 'apiVersion', 'kind'])],
  };
}

mkdirSync(directory, { recursive: true });
const strictDefinitions = Object.fromEntries(
  Object.entries(definitions).map(([name, schema]) => [
    name,
    name.endsWith('.api.resource.Quantity') ? quantity : strict(schema),
  ]),
);
writeFileSync(path.join(directory, '_definitions.json'), JSON.stringify({ definitions: strictDefinitions }));
for (const [name, schema] of Object.entries(definitions)) {
  if (!schema.properties) continue;
  for (const id of schema['x-kubernetes-group-version-kind'] ?? []) {
    writeFileSync(path.join(directory, `${fileName(id)}.json`), JSON.stringify(ofKind(strictDefinitions[name], id)));
  }
}
for (const file of customResources) {
  const { group, names, versions } = parse(readFileSync(file, 'utf8')).spec;
  for (const { name: version, schema } of versions) {
    const id = { group, kind: names.kind, version };
    const text = JSON.stringify(ofKind(strict(schema.openAPIV3Schema), id));
    writeFileSync(path.join(directory, `${fileName(id)}.json`), text);
  }
}
