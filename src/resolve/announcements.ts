import { announcedAs } from '../names/announced-as.js';
import type { Names } from './names-model.js';
import type { Action, Announcement, Operation } from './resource-model.js';

/** A resource whose events are listed. */
interface Announcer {
  /** What the types begin with: `orders.order`. */
  readonly prefix: string;
  readonly names: Names;
  readonly operations: readonly Operation[];
  readonly actions: readonly Action[];
}

/** Returns the types of events: one for each standard operation that writes, and one for each action. */
export function announcements({ prefix, names, operations, actions }: Announcer): readonly Announcement[] {
  const { withArticle } = names;
  const subject = withArticle.charAt(0).toUpperCase() + withArticle.slice(1);
  const announcement = (verb: string, summary: string) => ({ verb, type: `${prefix}.${verb}.v1`, summary });
  const standard = operations.flatMap(({ name }) => {
    const verb = announcedAs[name];
    return verb === undefined ? [] : [announcement(verb, `${subject} was ${verb}.`)];
  });
  const transitions = actions.map(({ names: { written, words } }) =>
    announcement(written, `The action ${words} was applied to ${withArticle}.`),
  );
  return [...standard, ...transitions];
}
