import type { Resource } from '../resolve/model.js';
import type { SchemaProblem } from './schema-change.js';

/**
 * Returns what is wrong with the renames of a resource's fields. A renamed field keeps its column, so that the program of
 * before, which knows it by that name, serves on: `was` stays in the manifest, and says the first name.
 */
export function renameProblems(before: Resource, after: Resource): readonly SchemaProblem[] {
  return after.fields.flatMap(({ name, was, column }): readonly SchemaProblem[] => {
    if (before.fields.some((field) => field.column === column)) return [];
    const problem = (message: string, hint: string) => [
      { resource: after.name, field: name, message: `the field ${name} of ${after.name} ${message}`, hint },
    ];
    const same = before.fields.find((field) => field.name === name);
    if (same) return problem(`is ${same.column} in the database`, `write was: ${same.column}`);
    const former = before.fields.find((field) => field.name === was);
    if (former) return problem(`was ${former.column} before it was ${was}`, `write was: ${former.column}`);
    return was === '' ? [] : problem(`was ${was}, but there was no such field`, 'take was away: the field is new');
  });
}
