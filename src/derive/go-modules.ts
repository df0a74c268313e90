import type { GoModule } from './module-files.js';
import devstack from './tables/devstack.json' with { type: 'json' };
import service from './tables/service.json' with { type: 'json' };

/** Returns the Go modules that a service may have: its own, and the nested one of the stand-ins for `make dev`. */
export function goModules({ module }: { readonly module: string }): readonly GoModule[] {
  return [
    { directory: '', path: module, table: service },
    { directory: 'devstack', path: `${module}/devstack`, table: devstack },
  ];
}
