import { type Diagnostic, UserError } from '../errors.js';
import type { FileEntry, FileTree } from '../render/file-tree.js';
import type { RunResult } from '../system/processes.js';
import type { System } from '../system/system.js';
import { type ProtoFile, protoFiles } from './proto-files.js';
import { messageImports, serviceImports } from './proto-imports.js';

/** The Go of the .proto files of a tree. */
export interface ProtoGo {
  readonly entries: readonly FileEntry[];
  readonly leftOut?: LeftOut;
}

/** Go that could not be generated. Where it exists it stays as it is. */
export interface LeftOut {
  /** Why, as the rest of a sentence. */
  readonly reason: string;
  /** The files, each with nothing but the imports that it would have: for go.mod, not to be written. */
  readonly placeholders: readonly FileEntry[];
}

/** What scripts/protogen answers; see its protogen.go. */
interface Answer {
  readonly files?: readonly { readonly path: string; readonly text: string }[];
  readonly problems?: readonly Pick<Diagnostic, 'file' | 'line' | 'column' | 'message'>[];
}

/** Milliseconds; a service with ten resources takes one second of CPU. */
const patience = 120_000;

/**
 * Returns the *.pb.go and *_grpc.pb.go that `buf generate` would write for the .proto files of a tree, each beside its
 * .proto and with the same owner.
 *
 * @throws UserError with every mistake in a .proto file
 */
export async function protoGo(tree: FileTree, { wasm }: Pick<System, 'wasm'>): Promise<ProtoGo> {
  const files = protoFiles(tree);
  if (files.length === 0) return { entries: [] };
  const input = JSON.stringify({ files: files.map(({ path, entry }) => ({ path, text: entry.body })) });
  const result = await wasm('protogen', { input, timeoutMs: patience });
  if ('unavailable' in result)
    return { entries: [], leftOut: { reason: result.unavailable, placeholders: files.flatMap(placeholders) } };
  const { files: made = [], problems = [] } = answerOf(result);
  if (problems.length > 0) throw mistakes(problems, files);
  return { entries: made.map(({ path, text }) => goEntry(path, text, files)) };
}

function answerOf({ code, stdout, stderr }: RunResult): Answer {
  if (code !== 0) throw new Error(`protogen ended with ${code}: ${stderr}`);
  return JSON.parse(stdout) as Answer;
}

function mistakes(problems: NonNullable<Answer['problems']>, files: readonly ProtoFile[]): UserError {
  const places = new Map(files.map(({ path, entry }) => [path, entry.path]));
  const diagnostics = problems.map((problem) => ({ ...problem, file: places.get(problem.file) ?? problem.file }));
  return new UserError('the .proto files do not compile', { diagnostics });
}

function goEntry(path: string, body: string, files: readonly ProtoFile[]): FileEntry {
  const sources = [path.replace(/\.pb\.go$/, '.proto'), path.replace(/_grpc\.pb\.go$/, '.proto')];
  const source = sources.flatMap((name) => files.find((file) => file.path === name) ?? [])[0];
  if (!source) throw new Error(`protogen made ${path}, for which there is no .proto file`);
  return entryBeside(source, `${source.root}${path}`, body);
}

function entryBeside({ entry: { owner } }: ProtoFile, path: string, body: string): FileEntry {
  return { path, body, mode: 0o644, owner, class: 'derived' };
}

function placeholders(file: ProtoFile): readonly FileEntry[] {
  const stem = file.entry.path.slice(0, -'.proto'.length);
  const messages = entryBeside(file, `${stem}.pb.go`, importing(messageImports));
  const isService = /^\s*service\s/m.test(file.entry.body);
  return isService ? [messages, entryBeside(file, `${stem}_grpc.pb.go`, importing(serviceImports))] : [messages];
}

function importing(paths: readonly string[]): string {
  return `package placeholder\n\nimport (\n${paths.map((path) => `\t"${path}"\n`).join('')})\n`;
}
