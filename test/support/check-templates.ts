import path from 'node:path';
import { type DiagnosticMessageChain, Project, type SourceFile, ts } from 'ts-morph';
import type { Catalog } from '../../src/catalog/catalog.js';
import { catalogFrom, type TemplateSources } from '../../src/catalog/catalog-from.js';
import { type CheckSource, emitCheck } from '../../src/catalog/template/emit-check.js';
import { type ParseResult, parseTemplate } from '../../src/catalog/template/parse.js';
import type { Position } from '../../src/catalog/template/syntax.js';
import type { Diagnostic } from '../../src/errors.js';
import { itemOf, pathVariables } from '../../src/render/expand-path.js';
import { helperNames } from '../../src/render/helpers/helpers.js';

const root = path.resolve(import.meta.dirname, '../..');
/** Not on disk: where the emitted TypeScript pretends to be, beside the types that it imports. */
const folder = path.join(root, 'src/render/template-check');

/** A template as TypeScript. */
interface Unit {
  readonly source: string;
  readonly check: CheckSource;
}

/**
 * Type-checks every template of a catalog against the type of its context and the signatures of the helpers, and the
 * paths of the model that component.yaml and file names contain.
 *
 * @returns what is wrong, by file, line and column of the template
 */
export function checkTemplates(sources: TemplateSources): readonly Diagnostic[] {
  const catalog = catalogFrom(sources, (file, text) => parsed(file, text));
  const units = [...templateUnits(catalog), ...pathUnits(catalog)];
  return [...syntaxProblems(catalog), ...typeProblems(units, catalog)].sort(byPlace);
}

function parsed(file: string, text: string): ParseResult {
  if (file.endsWith('.hbs')) return parseTemplate(file, text, helperNames);
  return { template: { body: [] }, problems: [] };
}

function syntaxProblems({ components, platform }: Catalog<ParseResult>): readonly Diagnostic[] {
  const all = [...platform, ...components.flatMap(({ files, fragments }) => [...files, ...fragments])];
  return all.flatMap(({ template }) => template.problems);
}

function templateUnits({ components, slots, platform }: Catalog<ParseResult>): readonly Unit[] {
  const slotContext = new Map(slots.map(({ name, context }) => [name, context]));
  const bundle = platform.map((file) => unit(file.source, file.template, 'PlatformModel'));
  const ofServices = components.flatMap(({ files, fragments }) => [
    ...files.map((file) => unit(file.source, file.template, contextOf(file.path))),
    ...fragments.map((fragment) => unit(fragment.source, fragment.template, slotContext.get(fragment.slot) ?? 'never')),
  ]);
  return [...bundle, ...ofServices];
}

function unit(source: string, { template }: ParseResult, context: string): Unit {
  return { source, check: emitCheck(template, prelude, `M.${context}`) };
}

const prelude = `import type * as M from '../context.js';\nimport { b, each, h, out, slots } from './prelude.js';`;

const contexts = {
  resource: 'ResourceContext',
  consumer: 'ConsumerContext',
  task: 'TaskContext',
  client: 'ClientContext',
  environment: 'EnvironmentContext',
  workload: 'WorkloadContext',
} as const;

function contextOf(filePath: string): string {
  const item = itemOf(filePath);
  return item === undefined ? 'ServiceModel' : contexts[item];
}

/** Paths of the model that stand outside of templates: each becomes an expression whose type is checked. */
function pathUnits({ components }: Catalog<ParseResult>): readonly Unit[] {
  return components.flatMap(({ name, activeWhen, appliesTo, keysFor, files }) => {
    const folderName = name === 'service' ? name : `components/${name}`;
    const condition = (type: string, dotPath?: string) =>
      dotPath === undefined ? [] : [expressionUnit(`${folderName}/component.yaml`, type, [`void c0.${dotPath}`])];
    return [
      ...condition('ServiceModel', activeWhen),
      ...condition(keysFor === 'client' ? 'Client' : 'Resource', appliesTo),
      ...files.map((file) => expressionUnit(file.source, contextOf(file.path), nameExpressions(file.path))),
    ];
  });
}

function nameExpressions(filePath: string): readonly string[] {
  const isService = itemOf(filePath) === undefined;
  return pathVariables(filePath).map((dotPath) => `out(c0.${isService ? dotPath.replace(/^service\./, '') : dotPath})`);
}

function expressionUnit(source: string, type: string, expressions: readonly string[]): Unit {
  const body = expressions.map((expression) => `  ${expression};\n`).join('');
  return {
    source,
    check: { code: `${prelude}\nexport function paths(c0: M.${type}): void {\n${body}}\n`, ranges: [] },
  };
}

function typeProblems(units: readonly Unit[], catalog: Catalog<ParseResult>): readonly Diagnostic[] {
  const project = new Project({ compilerOptions: options, skipAddingFilesFromTsConfig: true });
  project.createSourceFile(path.join(folder, 'prelude.ts'), preludeModule(catalog));
  const files = units.map(({ source, check }, index) => {
    const file = project.createSourceFile(path.join(folder, `template-${index}.ts`), check.code);
    return { source, check, file };
  });
  return files.flatMap(({ source, check, file }) => fileProblems(source, check, file, project));
}

const options: ts.CompilerOptions = {
  strict: true,
  noUncheckedIndexedAccess: true,
  target: ts.ScriptTarget.ES2022,
  lib: ['lib.es2023.d.ts', 'lib.es2024.string.d.ts'],
  module: ts.ModuleKind.NodeNext,
  moduleResolution: ts.ModuleResolutionKind.NodeNext,
  skipLibCheck: true,
  noEmit: true,
  types: ['node'],
};

/** What the emitted functions call: `out` prints texts and numbers only, `each` takes lists and records. */
function preludeModule({ slots }: Catalog<ParseResult>): string {
  const slotTypes = slots.map(
    ({ name, context }) => `  readonly ${JSON.stringify(name)}: (context: M.${context}) => void;\n`,
  );
  return `import type * as M from '../context.js';
import type { blocks, helpers } from '../helpers/helpers.js';
export declare const h: typeof helpers;
export declare const b: typeof blocks;
export declare function out(value: string | number): void;
export declare function each<T>(list: readonly T[]): Iterable<readonly [T, number, number, boolean, boolean]>;
export declare function each<T>(record: Readonly<Record<string, T>>): Iterable<readonly [T, number, string, boolean, boolean]>;
export declare const slots: {\n${slotTypes.join('')}};
`;
}

function fileProblems(
  source: string,
  { ranges }: CheckSource,
  file: SourceFile,
  project: Project,
): readonly Diagnostic[] {
  const program = project.getProgram().compilerObject;
  const found = [
    ...program.getSyntacticDiagnostics(file.compilerNode),
    ...program.getSemanticDiagnostics(file.compilerNode),
  ];
  return found.map(({ start, messageText }) => ({
    file: source,
    ...placeOf(start ?? 0, ranges),
    message: flat(messageText),
  }));
}

/** Returns the place of the smallest range around an offset, else of the last one before it. */
function placeOf(offset: number, ranges: CheckSource['ranges']): Position {
  const around = ranges.filter(({ start, end }) => start <= offset && offset <= end);
  const smallest = around.sort((a, b) => a.end - a.start - (b.end - b.start) || b.start - a.start)[0];
  return (smallest ?? ranges.findLast(({ start }) => start <= offset))?.at ?? { line: 0, column: 0 };
}

function flat(message: string | DiagnosticMessageChain | ts.DiagnosticMessageChain): string {
  return ts.flattenDiagnosticMessageText(message as string | ts.DiagnosticMessageChain, ' ');
}

function byPlace(a: Diagnostic, b: Diagnostic): number {
  return (a.file < b.file ? -1 : Number(a.file > b.file)) || a.line - b.line || a.column - b.column;
}
