import { snake } from '../text/case.js';
import type { Draft } from './grammar.js';

type DraftTask = NonNullable<NonNullable<Draft['tasks']>[string]>;

/** Returns the payload key that names a resource: `order_line_id` for `order-line`. */
export function subjectKey(resource: string): string {
  return `${snake(resource)}_id`;
}

/** Returns the resources that a task's payload names: of those it may be about, each with a key such as `order_id: uuid`. */
export function taskSubjects({ payload = {}, resource }: DraftTask, resources: readonly string[]): readonly string[] {
  return resources
    .filter((name) => resource === undefined || name === resource)
    .filter((name) => Object.hasOwn(payload, subjectKey(name)) && payload[subjectKey(name)] === 'uuid');
}
