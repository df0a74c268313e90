import { z } from 'zod';
import { compareVersions } from '../text/compare-versions.js';
import type { TemplateVersion } from './catalog.js';
import type { TemplateSources } from './catalog-from.js';
import { yamlData } from './yaml-data.js';

const file = z.string().regex(/^(?!\/)[^\\]*[^/\\]$/, 'a path in the service, with forward slashes');
const key = z.string().regex(/^[A-Za-z]\w*$/, 'a key of the manifest');
const keys = z.string().regex(/^[A-Za-z]\w*(\.[\w-]+)*$/, 'keys of the manifest with dots between');

const renamesSchema = z.record(file, file);
const manifestSchema = z.array(
  z.union([
    z.strictObject({ rename: keys, to: key }),
    z.strictObject({ set: keys, value: z.unknown() }),
    z.strictObject({ remove: keys }),
  ]),
);

/**
 * Reads the folders of `migrations/`, one for each version of the templates that brings services of earlier ones with it:
 * `renames.yaml` says where rendered files went, `manifest.yaml` what becomes of service.yaml.
 *
 * @returns the versions, the earliest first
 * @throws UserError with the position of everything in them that is wrong
 */
export function readTemplateVersions(sources: TemplateSources): readonly TemplateVersion[] {
  const names = [...sources.keys()].flatMap((path) => /^migrations\/(\d+\.\d+\.\d+)\//.exec(path)?.[1] ?? []);
  const read = <Schema extends z.ZodType>(version: string, name: string, schema: Schema) => {
    const path = `migrations/${version}/${name}`;
    const text = sources.get(path);
    return text === undefined ? undefined : yamlData(path, text, schema);
  };
  return [...new Set(names)].sort(compareVersions).map((version) => ({
    version,
    renames: read(version, 'renames.yaml', renamesSchema) ?? {},
    manifest: read(version, 'manifest.yaml', manifestSchema) ?? [],
  }));
}
