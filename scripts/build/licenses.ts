import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

/**
 * Returns THIRD_PARTY_LICENSES: name, version and licence text of every package that the bundle contains.
 *
 * @param inputs paths of the bundled files, as esbuild's metafile lists them
 * @param root folder that the paths are relative to
 */
export function thirdPartyLicenses(inputs: readonly string[], root: string): string {
  const folders = new Set(inputs.flatMap((input) => /^.*node_modules\/(?:@[^/]+\/)?[^/]+/.exec(input)?.[0] ?? []));
  const sections = [...folders].map((folder) => section(path.join(root, folder)));
  return `The bundle contains these packages.\n\n${[...new Set(sections)].sort().join('\n')}`;
}

function section(folder: string): string {
  const { name, version, license } = JSON.parse(readFileSync(path.join(folder, 'package.json'), 'utf8')) as Record<
    string,
    string
  >;
  const file = readdirSync(folder).find((entry) => /^licen[cs]e(\.|$)/i.test(entry));
  const text =
    file && existsSync(path.join(folder, file))
      ? readFileSync(path.join(folder, file), 'utf8').trim()
      : 'no licence file in the package';
  return `## ${name} ${version}, ${license}\n\n${text}\n`;
}
