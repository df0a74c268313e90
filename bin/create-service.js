#!/usr/bin/env node
import module from 'node:module';
import { setFlagsFromString } from 'node:v8';

// Node 22 and later keep compiled code between runs.
module.enableCompileCache?.();
// A run is over before what V8 does in the background has paid for itself: optimised code, marking garbage ahead.
setFlagsFromString('--no-opt');
setFlagsFromString('--no-incremental-marking');
const { main } = await import('../dist/main.js');

process.exitCode = await main(process.argv.slice(2));
