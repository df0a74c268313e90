import path from 'node:path';
import { Node, Project, type SourceFile, SyntaxKind } from 'ts-morph';

/** The project's root folder. */
export const root = path.resolve(import.meta.dirname, '../..');

/** Returns the project's TypeScript, parsed and not type-checked. */
export function sourceFiles(...globs: readonly string[]): readonly SourceFile[] {
  const project = new Project({ skipAddingFilesFromTsConfig: true, skipFileDependencyResolution: true });
  return project.addSourceFilesAtPaths(globs.map((glob) => path.join(root, glob)));
}

/** Returns the file's path below the root. */
export function nameOf(file: SourceFile): string {
  return path.relative(root, file.getFilePath()).split(path.sep).join('/');
}

/** One module that a file imports. */
export interface Imported {
  /** As written: `../errors.js`, `node:fs`. */
  readonly specifier: string;
  readonly line: number;
  /** False for `import type` and `import('…')` types. */
  readonly atRunTime: boolean;
}

/** Returns everything that a file imports: declarations, re-exports, `import()` and types of the form `import('…')`. */
export function importsOf(file: SourceFile): readonly Imported[] {
  return [...declared(file), ...dynamic(file)];
}

function declared(file: SourceFile): readonly Imported[] {
  return [...file.getImportDeclarations(), ...file.getExportDeclarations()].flatMap((declaration) => {
    const specifier = declaration.getModuleSpecifierValue();
    if (specifier === undefined) return [];
    return [{ specifier, line: declaration.getStartLineNumber(), atRunTime: !declaration.isTypeOnly() }];
  });
}

function dynamic(file: SourceFile): readonly Imported[] {
  const calls = file
    .getDescendantsOfKind(SyntaxKind.CallExpression)
    .filter((call) => Node.isImportExpression(call.getExpression()));
  const found = calls.flatMap((call) => {
    const [argument] = call.getArguments();
    return Node.isStringLiteral(argument)
      ? [{ specifier: argument.getLiteralValue(), line: call.getStartLineNumber(), atRunTime: true }]
      : [];
  });
  const types = file.getDescendantsOfKind(SyntaxKind.ImportType).flatMap((type) => {
    const specifier = /['"](.+)['"]/.exec(type.getArgument().getText())?.[1];
    return specifier === undefined ? [] : [{ specifier, line: type.getStartLineNumber(), atRunTime: false }];
  });
  return [...found, ...types];
}

/** Returns the lines on which a file uses a global variable. */
export function globalUses(file: SourceFile, name: string): readonly number[] {
  const imported = file.getImportDeclarations().some((one) => one.getText().includes(name));
  if (imported) return [];
  return file
    .getDescendantsOfKind(SyntaxKind.Identifier)
    .filter((identifier) => identifier.getText() === name && isValue(identifier))
    .map((identifier) => identifier.getStartLineNumber());
}

/** A name after a dot, before a colon or in a declaration is no use of the global. */
function isValue(identifier: Node): boolean {
  const parent = identifier.getParentOrThrow();
  if (Node.isPropertyAccessExpression(parent)) return parent.getExpression() === identifier;
  return !(
    Node.isPropertyAssignment(parent) ||
    Node.isPropertySignature(parent) ||
    Node.isPropertyDeclaration(parent) ||
    Node.isMethodSignature(parent)
  );
}
