// A second process of the tool, started by it: runs the command lines that it is sent.
import module from 'node:module';

module.enableCompileCache?.();
const { twin } = await import('../dist/main.js');

await twin();
