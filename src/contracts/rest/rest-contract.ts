import { type ContractFile, ContractProblem } from '../contract.js';
import { document } from './document.js';
import { operations } from './operations.js';
import { goTypes } from './schemas.js';

/** A REST API as its client needs it. Texts are Go unless they say otherwise. */
export interface RestContract {
  /** Name of the document's copy: `openapi.yaml`. */
  readonly document: string;
  /** In the order in which operations reach them. */
  readonly types: readonly RestType[];
  /** In the document's order. */
  readonly operations: readonly RestOperation[];
  /** An operation that tests can call; absent: every one needs values that nobody can make up. */
  readonly probe?: RestProbe;
}

/** A call that a contract allows. */
export interface RestProbe {
  readonly name: string;
  /** As the document has it, with its quotes. */
  readonly operationId: string;
  /** What the method takes after the context, with a comma in front of each. */
  readonly arguments: string;
}

/** A type of a request or an answer. */
export interface RestType {
  readonly name: string;
  /** Its doc comment, as one line without the slashes. */
  readonly doc: string;
  /** Members of an object; empty for the others. */
  readonly fields: readonly RestField[];
  /** Values of an enumeration; empty for the others. */
  readonly values: readonly RestValue[];
  /** What it is a name for, when it is neither: `[]Order`. */
  readonly underlying: string;
  readonly is: { readonly struct: boolean; readonly enum: boolean; readonly other: boolean };
}

/** A member of an object. */
export interface RestField {
  readonly name: string;
  readonly type: string;
  /** With its quotes: `json:"id"`. */
  readonly tag: string;
  /** Empty: the document says nothing about it. */
  readonly doc: string;
}

/** A value of an enumeration. */
export interface RestValue {
  readonly name: string;
  /** With its quotes. */
  readonly literal: string;
}

/** An operation, a method of the client. */
export interface RestOperation {
  readonly name: string;
  readonly doc: string;
  /** `http.MethodGet` */
  readonly method: string;
  /** The path with names, with its quotes. */
  readonly route: string;
  /** The path with values, an expression. */
  readonly path: string;
  /** What the method takes after the context, with a comma in front of each. */
  readonly arguments: string;
  /** What is decoded of the answer; empty: nothing. */
  readonly result: string;
  /** Media type of the request, with its quotes; empty: it has no body. */
  readonly mediaType: string;
  readonly params?: RestParams;
}

/** The parameters of an operation that are not in its path. */
export interface RestParams {
  readonly name: string;
  readonly fields: readonly RestParam[];
  readonly query: readonly RestParam[];
  readonly header: readonly RestParam[];
}

/** One of them. */
export interface RestParam {
  readonly name: string;
  readonly type: string;
  readonly doc: string;
  /** On the wire, with its quotes. */
  readonly key: string;
  /** Whether it is sent, an expression; empty: always. */
  readonly given: string;
  /** What is sent, an expression; of a list, its entries. */
  readonly text: string;
  readonly isList: boolean;
}

/**
 * Returns a REST contract: the document as it is, and the Go of a client.
 *
 * @throws ContractProblem at the first thing that it does not know how to write in Go
 */
export function restContract(files: readonly ContractFile[]): {
  readonly files: readonly ContractFile[];
  readonly rest: RestContract;
} {
  const [file, second] = files;
  if (!file) throw new ContractProblem('has no OpenAPI document');
  if (second) throw new ContractProblem(`has several documents, ${file.path} and ${second.path}: name the one to use`);
  const root = document(file.body, file.path);
  const version = root.get('openapi')?.value();
  if (typeof version !== 'string' || !/^3\.[01]\./.test(version))
    (root.get('openapi') ?? root).fail('is no version of OpenAPI that is read here: 3.0 or 3.1');
  const types = goTypes();
  const { all, probe } = operations(root, types);
  if (all.length === 0) (root.get('paths') ?? root).fail('has no operation');
  const name = `openapi${/\.json$/.test(file.path) ? '.json' : '.yaml'}`;
  return {
    files: [{ path: name, body: file.body }],
    rest: { document: name, types: types.all(), operations: all, ...(probe && { probe }) },
  };
}
