import type { z } from 'zod';
import type { manifestSchema } from './schema/manifest-schema.js';

type Frozen<T> = T extends object ? { readonly [K in keyof T]: Frozen<T[K]> } : T;

/** The same with every key optional at every depth: what is left after the wrong parts were taken out. */
type Partly<T> = T extends readonly (infer Item)[]
  ? readonly Item[]
  : T extends object
    ? { readonly [K in keyof T]?: Partly<T[K]> }
    : T;

/** A manifest as written: what it leaves out is left out here, `resolve` fills in the defaults. */
export type Manifest = Frozen<z.infer<typeof manifestSchema>>;

export type ManifestResource = NonNullable<Manifest['resources']>[string];
export type ManifestField = NonNullable<ManifestResource['fields']>[string];
export type ManifestAction = NonNullable<ManifestResource['actions']>[string];
export type ManifestConfigKey = NonNullable<Manifest['config']>[string];

/** A manifest that may have holes: what the rules look at. */
export type Draft = Partly<Manifest>;
export type DraftResource = NonNullable<Draft['resources']>[string] & {};
/** All options of all field types, each of which may be absent. */
export interface DraftField {
  readonly type?: ManifestField['type'];
  readonly description?: string;
  readonly required?: boolean;
  readonly immutable?: boolean;
  readonly output_only?: boolean;
  readonly index?: boolean;
  readonly unique?: boolean;
  readonly pii?: boolean;
  readonly min?: number | string;
  readonly max?: number | string;
  readonly precision?: number;
  readonly scale?: number;
  readonly pattern?: string;
  readonly values?: readonly string[];
  readonly default?: unknown;
  readonly backfill?: unknown;
  readonly was?: string;
}
