import { suggest } from '../../text/suggest.js';
import { parseDuration } from '../../values/duration.js';
import { cronProblem } from '../cron-problem.js';
import type { Draft } from '../grammar.js';
import { didYouMean, type Path, type Report, shown } from '../problem.js';
import { subjectKey, taskSubjects } from '../task-subjects.js';
import type { Rule } from './rule.js';

/** Consumers, tasks and clients: what they name exists. */
export const workRules: Rule = (draft, report) => {
  for (const [name, consumer] of Object.entries(draft.consumes ?? {})) {
    const path = ['consumes', name];
    if (!consumer) continue;
    inStore('consumer', consumer.resource, true, draft, path, report);
    topic(consumer.topic, path, report);
    contract(consumer.contract, path, report);
  }
  for (const [name, task] of Object.entries(draft.tasks ?? {}))
    if (task) taskRules(task, draft, ['tasks', name], report);
  for (const [name, client] of Object.entries(draft.clients ?? {})) {
    contract(client?.contract, ['clients', name], report);
    if (name === draft.name) report(['clients', name], 'a service is no client of itself', { on: 'key' });
  }
};

type DraftTask = NonNullable<NonNullable<Draft['tasks']>[string]>;

function taskRules(task: DraftTask, draft: Draft, path: Path, report: Report): void {
  inStore('task', task.resource, false, draft, path, report);
  if (task.timeout !== undefined && !((parseDuration(task.timeout) ?? 0n) > 0n)) {
    report([...path, 'timeout'], 'timeout is no time', {
      found: shown(task.timeout),
      allowed: 'a duration above zero, such as 30s',
    });
  }
  const badCron = task.cron === undefined ? undefined : cronProblem(task.cron);
  if (badCron)
    report([...path, 'cron'], badCron, {
      found: shown(task.cron ?? ''),
      allowed: 'five cron fields such as 0 3 * * *, or @daily',
    });
  if (task.cron !== undefined && Object.keys(task.payload ?? {}).length > 0) {
    report([...path, 'payload'], 'a task with cron has no payload: nobody gives one', { on: 'key' });
  }
  if (task.compensates !== undefined) compensation(task.compensates, task, draft, path, report);
}

/** A consumer's inbox row, or what makes a task idempotent, lies in the store of a resource. */
function inStore(
  what: string,
  resource: string | undefined,
  needed: boolean,
  { resources = {} }: Draft,
  path: Path,
  report: Report,
): void {
  const names = Object.keys(resources);
  if (resource !== undefined && !names.includes(resource)) {
    const allowed = names.length === 0 ? 'none, for there are no resources' : names.join(', ');
    report([...path, 'resource'], `there is no resource ${shown(resource)}`, {
      allowed,
      hint: didYouMean(suggest(resource, names)),
    });
  }
  if (resource !== undefined) return;
  const stores = new Set(Object.values(resources).map((each) => each?.store));
  if (stores.size > 1)
    report(path, `a ${what} needs resource: the service has more than one store`, {
      on: 'key',
      allowed: names.join(', '),
    });
  if (stores.size === 0 && needed)
    report(path, `a ${what} needs a store, and the service has no resource`, { on: 'key' });
}

/** A compensation is an action on the aggregate that the payload names. */
function compensation(action: string, task: DraftTask, { resources = {} }: Draft, path: Path, report: Report): void {
  if (task.cron !== undefined) {
    report([...path, 'compensates'], 'a task with cron compensates nothing: it has no payload to say what', {
      on: 'key',
    });
    return;
  }
  const candidates = Object.entries(resources).filter(([name]) => name === (task.resource ?? name));
  const able = candidates.flatMap(([name, each]) => (Object.hasOwn(each?.actions ?? {}, action) ? [name] : []));
  if (able.length === 0) {
    const actions = [...new Set(candidates.flatMap(([, each]) => Object.keys(each?.actions ?? {})))];
    report([...path, 'compensates'], `there is no action ${shown(action)}`, {
      allowed: actions.length === 0 ? 'none, for there are no actions' : actions.join(', '),
      hint: didYouMean(suggest(action, actions)),
    });
    return;
  }
  const named = taskSubjects(task, able);
  if (named.length === 1) return;
  const keys = able.map((name) => `${subjectKey(name)}: uuid`).join(' or ');
  const message =
    named.length === 0
      ? `the payload names no ${able.join(' or ')}: a task that compensates needs ${keys}, to know which to ${action}`
      : `the payload names ${named.join(' and ')}: resource must say which of them to ${action}`;
  report([...path, 'compensates'], message);
}

function topic(name: string | undefined, path: Path, report: Report): void {
  if (name === undefined || (/^[A-Za-z0-9._-]+$/.test(name) && !/^\.{1,2}$/.test(name))) return;
  report([...path, 'topic'], 'this is not the name of a Kafka topic', {
    found: shown(name),
    allowed: 'letters, digits, dots, dashes and underscores',
  });
}

/** A contract is copied into the repository from a path beside it or from a commit: both stay the same everywhere. */
function contract(place: string | undefined, path: Path, report: Report): void {
  if (place === undefined) return;
  const isGit = place.startsWith('git+');
  const fits = isGit
    ? /^git\+(https|ssh|file):\/\/[^\s#]+#[0-9a-f]{7,40}$/.test(place)
    : !/^([/~\\]|[A-Za-z]:)/.test(place) && !/[\s\\]/.test(place) && !place.includes('://');
  if (fits) return;
  const message = isGit ? 'this names no commit' : 'this is neither a relative path nor git+URL#commit';
  report([...path, 'contract'], message, {
    found: shown(place),
    allowed: 'a path such as ../peer/api, or git+https://host/repository#0123abc',
  });
}
