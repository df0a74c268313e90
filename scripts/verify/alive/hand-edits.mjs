import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';

/** What a team changes in orders over time, beside what its `edits/` have: a text that is there once, and what comes instead. */
const replacements = [
  {
    file: 'internal/order/order.go',
    from: '// Expire cancels an order that nobody has paid.\n',
    to: `// IsLarge reports whether somebody must look at the order before it is shipped.
func (o *Order) IsLarge() bool { return o.Total.GreaterThan(decimal.NewFromInt(largest)) }

// Expire cancels an order that nobody has paid.
`,
  },
  {
    file: 'internal/app/app.go',
    from: '\tregister(p)\n\treturn p.Run(ctx)\n',
    to: `\tregister(p)
\tp.Log.InfoContext(ctx, "open orders are limited", "limit", cfg.Settings.MaxOpenOrders)
\treturn p.Run(ctx)
`,
  },
  {
    file: 'internal/app/app.go',
    from: 'func now() time.Time { return time.Now().UTC() }\n',
    to: `// now is as exact as the database.
func now() time.Time { return time.Now().UTC().Truncate(time.Microsecond) }
`,
  },
  {
    file: 'build/package/Dockerfile',
    from: 'COPY . .\n',
    to: '# Who built this, for the audit.\nARG BUILDER=unknown\nCOPY . .\n',
  },
  {
    file: 'deployments/kubernetes/base/server.yaml',
    wasNamed: 'deployments/kubernetes/base/deployment.yaml',
    from: '      maxSurge: 1\n',
    to: '      # Twice as fast: there is room on the nodes.\n      maxSurge: 2\n',
  },
  {
    file: 'deployments/kubernetes/overlays/prod/kustomization.yaml',
    from: 'patches:\n',
    to: `commonAnnotations:
  acme.example/cost-centre: commerce
patches:
`,
  },
  {
    file: 'README.md',
    from: '## Trust\n',
    to: '## Who to ask\n\nThe channel #orders.\n\n## Trust\n',
  },
];

const additions = {
  'internal/order/large.go': `package order

// largest is the total up to which nobody looks at an order.
const largest = 10_000
`,
  'internal/order/large_test.go': `package order_test

import (
	"testing"

	"github.com/shopspring/decimal"

	"github.com/acme/orders/internal/order"
)

func TestIsLarge(t *testing.T) {
	for total, want := range map[string]bool{"10000": false, "10000.01": true} {
		o := order.Order{Total: decimal.RequireFromString(total)}
		if got := o.IsLarge(); got != want {
			t.Errorf("an order over %s is large: %t, want %t", total, got, want)
		}
	}
}
`,
};

/** Makes the edits in the service below directory. */
export function editByHand(directory) {
  for (const each of replacements) replace(directory, each);
  for (const [file, text] of Object.entries(additions)) writeFileSync(path.join(directory, file), text);
}

/** Replaces a text that is once in a file of the service. `wasNamed` is how templates of before named the file. */
export function replace(directory, { file, wasNamed, from, to }) {
  const at = [file, wasNamed].map((name) => path.join(directory, name ?? file)).find((name) => existsSync(name));
  if (at === undefined) throw new Error(`there is no ${file}`);
  const parts = readFileSync(at, 'utf8').split(from);
  if (parts.length !== 2) throw new Error(`${at} has ${parts.length - 1} times: ${from}`);
  writeFileSync(at, parts.join(to));
}

/** Returns which of their lines are missing in the service, as `file: line`. */
export function lostEdits(directory) {
  const wanted = [
    ...replacements.map(({ file, from, to }) => [file, to, from]),
    ...Object.entries(additions).map(([file, text]) => [file, text, '']),
  ];
  return wanted.flatMap(([file, text, before]) => {
    const there = new Set(readFileSync(path.join(directory, file), 'utf8').split('\n'));
    const own = text.split('\n').filter((line) => !before.split('\n').includes(line));
    return own.filter((line) => !there.has(line)).map((line) => `${file}: ${line}`);
  });
}
