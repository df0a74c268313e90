import type { Manifest } from '../manifest/grammar.js';
import { subjectKey, taskSubjects } from '../manifest/task-subjects.js';
import { goPayloadField, goTaskFile, goTaskHandler, goTaskType, goTaskUndo } from '../names/go-names.js';
import { prose } from '../text/case.js';
import { durationGo } from '../values/duration.js';
import { completed } from './field.js';
import { fieldKinds } from './fields/kinds.js';
import type { Compensation, FieldType, PayloadKey, Resource, Task, TaskSubject } from './model.js';
import { names } from './names.js';
import { storeOf } from './work.js';

type ManifestTask = NonNullable<Manifest['tasks']>[string];

/** Returns the tasks; the manifest was checked, so each has what it needs. */
export function tasks(written: Manifest['tasks'], resources: readonly Resource[]): readonly Task[] {
  return Object.entries(written ?? {}).map(([name, task]) => one(name, task, resources));
}

function one(name: string, task: ManifestTask, resources: readonly Resource[]): Task {
  const { queue = 'default', max_retry: maxRetry = 10, timeout = '30s', cron = '', resource = '' } = task;
  const about = subject(task, resources);
  return {
    name,
    names: names(name),
    goName: goTaskType(name),
    goFile: goTaskFile(name),
    handler: goTaskHandler(name),
    undo: goTaskUndo(name),
    queue,
    maxRetry,
    timeout,
    timeoutGo: durationGo(timeout),
    payload: Object.entries(task.payload ?? {}).map(([key, type]) => payloadKey(key, type)),
    cron,
    resource,
    store: storeOf(resource, resources) ?? '',
    about,
    compensates: about && compensation(task, about),
  };
}

function compensation({ compensates }: ManifestTask, about: TaskSubject): Compensation | undefined {
  const action = about.resource.actions.find(({ names: { written } }) => written === compensates);
  return action && { ...about, action };
}

/** What a step undoes comes first: of several resources in the payload, the one that has the action. */
function subject(task: ManifestTask, resources: readonly Resource[]): TaskSubject | undefined {
  const named = taskSubjects(
    task,
    resources.map(({ name }) => name),
  ).flatMap((name) => resources.filter((each) => each.name === name));
  const able = named.find(({ actions }) => actions.some(({ names: { written } }) => written === task.compensates));
  const [resource = undefined] = able ? [able] : named;
  if (!resource) return undefined;
  const { snake } = resource.names;
  return {
    resource,
    goName: goPayloadField(subjectKey(resource.name)),
    logKey: `${snake}.id`,
    versionKey: `${snake}.version`,
  };
}

function payloadKey(name: string, type: Exclude<FieldType, 'enum'>): PayloadKey {
  const kind = fieldKinds[type];
  const spec = {
    name,
    type,
    max: 100,
    precision: 18,
    scale: 2,
    words: prose(name),
    enumType: '',
    goPackage: '',
    enumValues: [],
  };
  const [example] = kind.examples(spec);
  if (!example) throw new Error(`no example of ${name}`);
  return {
    name,
    names: names(name),
    goName: goPayloadField(name),
    goType: kind.goType(spec),
    exampleGo: completed(example).goNewOutside,
  };
}
