import { type Document, isAlias, Lexer, LineCounter, type Node, parseAllDocuments, visit } from 'yaml';
import type { Diagnostic } from '../errors.js';
import type { Path, Problem } from './problem.js';
import { decode, position } from './text-problems.js';

/** Where a key and its value begin, as offsets into the text. */
interface Place {
  readonly key?: number;
  readonly value: number;
}

/** A manifest as YAML, with the positions of its parts. */
export interface Source {
  readonly root: Node | null;
  /** Remembers where the value at the path, and its key, stand. */
  note(path: Path, value: Node | null, key?: Node): void;
  diagnostics(problems: readonly Problem[]): Diagnostic[];
}

/** One syntax mistake tends to bring many more behind it. */
const shownSyntaxErrors = 5;

/** The grammar nests six levels; how many the parser can take depends on Node's stack. */
const deepest = 64;

/** Marks that the lexer puts between the parts of the text. */
const lexerMarks = new Set(['\x02', '\x18', '\x1f']);

/** Reads the one YAML document of a manifest, or returns why it is none. */
export function source(input: string | Uint8Array, file: string): Source | readonly Diagnostic[] {
  const text = decode(input, file);
  if (typeof text !== 'string') return [text];
  const lines = new LineCounter();
  const tooDeep = offsetOfTooDeep(text);
  if (tooDeep !== undefined) {
    return [{ file, ...position(text, tooDeep), message: 'this is not YAML: it is nested too deeply' }];
  }
  const options = { lineCounter: lines, intAsBigInt: true, uniqueKeys: false, prettyErrors: false, logLevel: 'silent' };
  const documents = parseAllDocuments(text, options as { intAsBigInt: true });
  const [document] = documents;
  if (!document) return [{ file, line: 1, column: 1, message: 'the manifest is empty' }];
  const complain = (offset: number, message: string, found?: string): Diagnostic => ({
    file,
    ...at(lines, offset),
    message,
    found,
  });
  const problems = [...syntaxProblems(document, complain), ...refusedSyntax(document, complain)];
  const second = documents[1];
  if (second) problems.push(complain(second.range[0], 'the manifest has a second document; one is allowed'));
  return problems.length > 0 ? problems : located(document.contents, file, lines);
}

/** Returns where brackets and braces are nested deeper than any manifest is. */
function offsetOfTooDeep(text: string): number | undefined {
  let offset = 0;
  let depth = 0;
  for (const token of new Lexer().lex(text)) {
    if (token === '[' || token === '{') depth++;
    if (token === ']' || token === '}') depth--;
    if (depth > deepest) return offset;
    if (!lexerMarks.has(token)) offset += token.length;
  }
  return undefined;
}

type Complain = (offset: number, message: string, found?: string) => Diagnostic;

function syntaxProblems(document: Document.Parsed, complain: Complain): Diagnostic[] {
  const { errors } = document;
  const distinct = errors.filter((each, index) => errors.findIndex(({ pos }) => pos[0] === each.pos[0]) === index);
  return distinct.slice(0, shownSyntaxErrors).map(({ code, message, pos }) => {
    const text = code === 'RESOURCE_EXHAUSTION' ? 'it is nested too deeply' : lowerFirst(message);
    return complain(pos[0], `this is not YAML: ${text}`);
  });
}

/** Refuses what YAML has and no manifest needs: it hides what a reader sees, or what an editor would lose. */
function refusedSyntax(document: Document.Parsed, complain: Complain): Diagnostic[] {
  const problems: Diagnostic[] = [];
  const { yaml } = document.directives;
  if (yaml.explicit && yaml.version !== '1.2') {
    problems.push(complain(0, 'a manifest is YAML 1.2', `%YAML ${yaml.version}`));
  }
  visit(document, {
    Node(_, node) {
      const offset = node.range?.[0] ?? 0;
      if (isAlias(node))
        problems.push(complain(offset, 'aliases are not allowed: write the value out', `*${node.source}`));
      else if (node.anchor)
        problems.push(complain(offset, 'anchors are not allowed: write the value out', `&${node.anchor}`));
      if (!isAlias(node) && node.tag) {
        problems.push(complain(offset, 'tags are not allowed: a type follows from the key', shortTag(node.tag)));
      }
    },
  });
  return problems;
}

/** Returns `!!str` for the tag that it stands for. */
function shortTag(tag: string): string {
  return tag.replace(/^tag:yaml.org,2002:/, '!!');
}

function located(root: Node | null, file: string, lines: LineCounter): Source {
  const places = new Map<string, Place>();
  const place = (path: Path): Place => {
    for (let length = path.length; length > 0; length--) {
      const found = places.get(key(path.slice(0, length)));
      if (found) return found;
    }
    return { value: root?.range?.[0] ?? 0 };
  };
  const offset = ({ path, on }: Pick<Problem, 'path' | 'on'>) => {
    const { key: keyOffset, value } = place(path);
    return on === 'key' ? (keyOffset ?? value) : value;
  };
  const diagnostic = (problem: Problem): Diagnostic => {
    const { message, found, allowed, other } = problem;
    const hint = other ? `the other is on line ${at(lines, offset({ path: other, on: 'key' })).line}` : problem.hint;
    return { file, ...at(lines, offset(problem)), message, found, allowed, hint };
  };
  return {
    root,
    note: (path, value, keyNode) => {
      const keyOffset = keyNode?.range?.[0];
      places.set(key(path), { key: keyOffset, value: value?.range?.[0] ?? keyOffset ?? 0 });
    },
    diagnostics: (problems) => problems.map(diagnostic).sort((a, b) => a.line - b.line || a.column - b.column),
  };
}

function at(lines: LineCounter, offset: number): { line: number; column: number } {
  const { line, col } = lines.linePos(offset);
  return { line: Math.max(1, line), column: Math.max(1, col) };
}

function key(path: Path): string {
  return JSON.stringify(path);
}

function lowerFirst(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1);
}
