import type { GrpcContract } from './grpc/grpc-contract.js';
import type { RestContract } from './rest/rest-contract.js';

/** What another service publishes about its API, as it is copied into this one's repository. */
export interface Contract {
  /** Name of the client that uses it. */
  readonly client: string;
  /** Where it is from: the path as the manifest has it, or the URL with the whole commit. */
  readonly source: string;
  /** SHA-256 of what was read there, in hexadecimal: of the files' names and texts, in their order. */
  readonly digest: string;
  /** The copies, sorted by path. */
  readonly files: readonly ContractFile[];
  readonly grpc?: GrpcContract;
  readonly rest?: RestContract;
}

/** A file of a contract. */
export interface ContractFile {
  /** Path below the contract's folder, with forward slashes. */
  readonly path: string;
  readonly body: string;
}

/** A contract that cannot be used, and why. The message completes the sentence "<the place> …". */
export class ContractProblem extends Error {
  override readonly name = 'ContractProblem';
  /** The file of the contract and the place in it, for mistakes that are there. */
  readonly place: { readonly file: string; readonly line: number; readonly column: number } | undefined;

  constructor(message: string, place?: ContractProblem['place']) {
    super(message);
    this.place = place;
  }
}
