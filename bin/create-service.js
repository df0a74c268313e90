#!/usr/bin/env node
import module from 'node:module';
import { setFlagsFromString } from 'node:v8';

// Node 22 and later keep compiled code between runs.
module.enableCompileCache?.();
// A run is over before code that V8 optimises in the background has paid for it.
setFlagsFromString('--no-opt');
const { main } = await import('../dist/main.js');

process.exitCode = await main(process.argv.slice(2));
