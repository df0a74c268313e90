import { camel, pascal, words } from '../text/case.js';
import {
  aggregateMethods,
  domainNames,
  domainTests,
  eventNames,
  handlerMethods,
  keywords,
  messageMethods,
  messageNames,
  operationNames,
  takenPackages,
  takenReceivers,
  takenVariables,
  taskFiles,
  taskHandlers,
} from './reserved.js';

/** Returns the Go package of a resource: `orderline`, and `appresource` where `app` is taken. */
export function goPackage(resource: string): string {
  const name = words(resource).join('');
  return takenPackages.has(name) || /^(.|v\d+)$/.test(name) ? `${name}resource` : name;
}

/** Returns the Go type of a resource: `OrderLine`, and `ServiceResource` where `Service` is taken. */
export function goResourceType(resource: string): string {
  const name = pascal(resource);
  const taken = domainNames.has(name) || eventNames.has(name) || name.startsWith('SortBy');
  return taken ? `${name}Resource` : name;
}

/** Returns the name of a struct's field: `CustomerID`, and `DetailsValue` where a method is called `Details`. */
export function goFieldName(field: string): string {
  const name = pascal(field);
  return aggregateMethods.has(name) ? `${name}Value` : name;
}

/** Returns the Go type of an enum field: `State`, and `StatusValue` for a field `status` of a resource `status`. */
export function goEnumType(field: string, resource: string): string {
  const name = pascal(field);
  const taken = domainNames.has(name) || name.startsWith('SortBy') || name === goResourceType(resource);
  return taken ? `${name}Value` : name;
}

/** Returns the method of an action: `Pay`, and `ReviseAction` where `Revise` is taken. */
export function goActionMethod(action: string): string {
  const name = pascal(action);
  return aggregateMethods.has(name) || domainTests.has(name) ? `${name}Action` : name;
}

/** Returns the REST handler's method of an action: `pay`, and `returnAction` for Go's keyword. */
export function goActionHandler(action: string): string {
  const name = camel(action);
  return keywords.has(name) || operationNames.has(name) || handlerMethods.has(name) ? `${name}Action` : name;
}

/** Returns the Go type of a task's payload: `SendReceipt`, and `MessageTask` where `Message` is taken. */
export function goTaskType(task: string): string {
  const name = pascal(task);
  return messageNames.has(name) ? `${name}Task` : name;
}

/** Returns the field of a payload: `OrderID`, and `MessageValue` where a method is called `Message`. */
export function goPayloadField(key: string): string {
  const name = pascal(key);
  return messageMethods.has(name) ? `${name}Value` : name;
}

/** Returns the Go file of a task without its ending. It has no underscores, so `send-test` is no test. */
export function goTaskFile(task: string): string {
  const name = words(task).join('');
  return taskFiles.has(name) ? `${name}task` : name;
}

/** Returns the method that runs a task: `sendReceipt`, and `goTask` for Go's keyword. */
export function goTaskHandler(task: string): string {
  const name = camel(task);
  return keywords.has(name) || taskHandlers.has(name) ? `${name}Task` : name;
}

/** Returns the Go package of a client: `inventory`, and `httpclient` for `http`, which generated code imports. */
export function goClientPackage(client: string): string {
  const name = words(client).join('');
  return takenPackages.has(name) || /^(.|v\d+)$/.test(name) ? `${name}client` : name;
}

/** Returns the method that undoes a task: `undoSendReceipt`. */
export function goTaskUndo(task: string): string {
  return `undo${pascal(task)}`;
}

/** Returns an unexported variable: `orderLine`, `typeValue` where `type` is taken, `sheepValues` where that is too. */
export function goVariable(name: string, alsoTaken: ReadonlySet<string> = new Set()): string {
  const variable = camel(name);
  const isTaken = (each: string) => each.length === 1 || takenVariables.has(each) || alsoTaken.has(each);
  return [variable, `${variable}Value`].find((each) => !isTaken(each)) ?? `${variable}Values`;
}

/** Returns the shortest beginning of the name that is free: `o` for `order`, `cu` for `customer`. */
export function goReceiver(resource: string, packages: ReadonlySet<string>): string {
  const name = camel(resource).toLowerCase();
  for (let length = 1; length < name.length; length++) {
    const start = name.slice(0, length);
    if (!takenReceivers.has(start) && !packages.has(start)) return start;
  }
  return goVariable(resource, packages);
}
