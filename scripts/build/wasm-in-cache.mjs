import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { root } from '../setup.mjs';
import { assembleWasm } from './wasm.mjs';

/** Puts the WebAssembly programs where what runs from the sources finds them, and returns the URL of that folder. */
export function wasmInCache() {
  const folder = path.join(root, '.cache/wasm/');
  assembleWasm(root, folder);
  return pathToFileURL(folder).href;
}

/** Vitest calls this once, before the first test. */
export function setup() {
  wasmInCache();
}
