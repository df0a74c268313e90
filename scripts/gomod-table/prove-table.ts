import { composeModule } from '../../src/derive/compose-module.js';
import type { ModuleTable } from '../../src/derive/module-table.js';
import { go, probePath, withProbe } from './go-module.js';
import { inParallel } from './in-parallel.js';
import type { ModuleSpec } from './module-spec.js';

/** A set of imports for which the composed files were not what `go mod tidy` wants. */
export interface Disproof {
  readonly imports: readonly string[];
  /** What the go command said: a diff, as a rule. */
  readonly difference: string;
}

/** How much was proved. */
export interface Proof {
  readonly sets: number;
  readonly disproofs: readonly Disproof[];
}

/**
 * Composes go.mod and go.sum for the base, for combinations of components and, where these need not come whole, for each
 * unit and for random sets of units, and asks `go mod tidy -diff` whether it would change anything. The combinations are
 * all there are of a few components; of many, each one and each pair, each one left out, and all together.
 *
 * @param random number of random sets; they are the same in every run
 */
export async function proveTable(spec: ModuleSpec, table: ModuleTable, random: number): Promise<Proof> {
  const single = spec.wholeGroups ? [] : [...spec.units, ...randomSets(spec.units, random)];
  const additions = [...single, ...combinations([...spec.groups.values()])];
  const sets = distinct(additions.map((imports) => [...spec.base, ...imports]));
  const differences = await inParallel(sets, (imports) => difference(imports, table));
  const disproofs = sets.flatMap((imports, index) => {
    const found = differences[index];
    return found === undefined ? [] : [{ imports, difference: found }];
  });
  return { sets: sets.length, disproofs };
}

async function difference(imports: readonly string[], table: ModuleTable): Promise<string | undefined> {
  const composed = composeModule(probePath, new Set(imports), table);
  return withProbe(imports, composed, async (directory) => {
    try {
      await go(directory, ['mod', 'tidy', '-diff']);
      return undefined;
    } catch (error) {
      return (error as Error).message;
    }
  });
}

/** How many groups are few. */
const few = 6;

function combinations(groups: readonly (readonly string[])[]): readonly (readonly string[])[] {
  if (groups.length <= few) return subsets(groups);
  const pairs = groups.flatMap((one, at) => groups.slice(at).map((other) => [...one, ...other]));
  const withoutOne = groups.map((_, at) => groups.filter((_, other) => other !== at).flat());
  return [[], ...pairs, ...withoutOne, groups.flat()];
}

function subsets(groups: readonly (readonly string[])[]): readonly (readonly string[])[] {
  const [first, ...others] = groups;
  if (!first) return [[]];
  return subsets(others).flatMap((set) => [set, [...first, ...set]]);
}

function randomSets(units: ModuleSpec['units'], count: number): readonly (readonly string[])[] {
  let state = 1;
  // Numerical Recipes' linear congruential generator: the sets must only be spread, and the same in every run.
  const next = (): number => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
  return Array.from({ length: count }, () => {
    const share = next();
    return units.filter(() => next() < share).flat();
  });
}

function distinct(sets: readonly (readonly string[])[]): readonly string[][] {
  const sorted = sets.map((set) => [...new Set(set)].sort()).filter((set) => set.length > 0);
  return [...new Map(sorted.map((set) => [set.join(' '), set])).values()];
}
