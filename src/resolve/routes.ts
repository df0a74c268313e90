import type { Names } from './names-model.js';
import type { Action, Operation, Route } from './resource-model.js';

/** What the routes of a resource follow from. */
export interface RoutesOwner {
  readonly names: Names;
  readonly plural: Names;
  readonly path: string;
  readonly operations: readonly Operation[];
  readonly actions: readonly Action[];
}

/** Documents list the routes of the collection first. */
const order: readonly Operation['name'][] = ['create', 'list', 'get', 'update', 'delete'];

/** Returns every HTTP route of a resource: the operations, then the actions. */
export function routes(owner: RoutesOwner): readonly Route[] {
  const operations = order.flatMap((name) => owner.operations.filter((each) => each.name === name));
  return [
    ...operations.flatMap((operation) => operationRoutes(operation, owner)),
    ...owner.actions.map((each) => actionRoute(each, owner)),
  ];
}

function operationRoutes({ name, scopes }: Operation, { names, plural, path }: RoutesOwner): readonly Route[] {
  const one = `${path}/{id}`;
  const entry = (method: Route['method'], at: string, handler: string, summary: string, noun = names): Route => ({
    method,
    path: at,
    ginPath: at.replace('{id}', ':id'),
    operationID: handler + noun.pascal,
    handler,
    operation: name,
    summary,
    scopes,
  });
  switch (name) {
    case 'create':
      return [entry('POST', path, 'create', `Create ${names.withArticle}`)];
    case 'get':
      return [entry('GET', one, 'get', `Get ${names.withArticle}`)];
    case 'list':
      return [entry('GET', path, 'list', `List ${plural.words}`, plural)];
    case 'update':
      return [
        entry('PUT', one, 'replace', `Replace ${names.withArticle}`),
        entry('PATCH', one, 'patch', `Change ${names.withArticle}`),
      ];
    case 'delete':
      return [entry('DELETE', one, 'delete', `Delete ${names.withArticle}`)];
  }
}

function actionRoute({ names: own, handler, path, scopes }: Action, { names }: RoutesOwner): Route {
  return {
    method: 'POST',
    path,
    ginPath: path.replace('{id}', ':id'),
    operationID: own.camel + names.pascal,
    handler,
    operation: own.written,
    summary: `${own.title} ${names.withArticle}`,
    scopes,
  };
}
