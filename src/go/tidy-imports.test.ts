import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { readTemplates } from '../../scripts/build/read-templates.js';
import { gofmt } from '../../test/support/go-tools.js';
import { goImports, localName } from './imports.js';
import { tidyImports } from './tidy-imports.js';
import { selectsFrom } from './used-names.js';

const file = (imports: readonly string[], body: string) =>
  `// Package x is it.\npackage x\n\nimport (\n${imports.map((line) => (line === '' ? '\n' : `\t${line}\n`)).join('')})\n\n${body}`;

describe('tidyImports', () => {
  it('keeps what is used, by name, alias or side effect', () => {
    const body = 'func f() { fmt.Println(y.Z, goose.Up, mysql.New) }\n';
    const wanted = [
      '_ "embed"',
      '"fmt"',
      '',
      'y "a.b/x"',
      '"github.com/go-sql-driver/mysql"',
      '"github.com/pressly/goose/v3"',
    ];
    const unused = ['"os"', '"strings"', '', 'z "a.b/z"', '"github.com/go-sql-driver/sql"', '"gopkg.in/yaml.v3"'];
    const all = [...wanted.slice(0, 3), ...unused.slice(0, 2), '', ...wanted.slice(3), ...unused.slice(3)];
    expect(tidyImports(file(all, body))).toBe(file(wanted, body));
  });

  it('sorts each group by path and drops what stands there twice', () => {
    const body = 'var _ = a.A + b.B + c.C + d.D\n';
    expect(tidyImports(file(['"c"', '"b"', '"c"', '', '"x/d"', 'a "x/z"'], body))).toBe(
      file(['"b"', '"c"', '', '"x/d"', 'a "x/z"'], body),
    );
  });

  it('drops empty groups, and the block when nothing is left', () => {
    expect(tidyImports(file(['"os"', '', '"fmt"', '', '"io"'], 'var _ = fmt.Sprint\n'))).toBe(
      file(['"fmt"'], 'var _ = fmt.Sprint\n'),
    );
    expect(tidyImports(file(['"os"'], 'var x int\n'))).toBe('// Package x is it.\npackage x\n\nvar x int\n');
  });

  it.each([
    ['a line comment', '// os.Exit\n'],
    ['a block comment', '/* os.Exit\nos.Exit */\n'],
    ['a string', 'var s = "os.Exit \\" os.Exit"\n'],
    ['a raw string', 'var s = `os.Exit\n" os.Exit`\n'],
    ['a rune before a string', 'var r, s = \'"\', "os.Exit"\n'],
    ['a selector', 'var s = x.os.Exit\n'],
    ['a longer name', 'var s = macos.Exit\n'],
  ])('does not count what stands in %s', (_, body) => {
    expect(tidyImports(file(['"os"'], body))).not.toContain('"os"');
  });

  it.each([
    ['after a comment', '/* x */ var s = os.Exit\n'],
    ['over a line break', 'var s = os.\n\tExit\n'],
    ['after a variadic', 'var s = f(x...) + os.Exit\n'],
    ['after an operator', 'var s = -os.Exit&os.Exit\n'],
    ['as a type', 'func f(f *os.File, g []os.File) {}\n'],
    ['after a quote in a comment', "// it's\nvar s = os.Exit\n"],
    ['after a rune', "var s = '\\'' + os.Exit\n"],
    ['as a slice of variadic', 'func f(a ...os.File) {}\n'],
  ])('counts what stands %s', (_, body) => {
    expect(tidyImports(file(['"os"'], body))).toContain('"os"');
  });

  it('leaves files without an import block alone', () => {
    const source = 'package x\n\nimport "os"\n\nvar _ = 1\n';
    expect(tidyImports(source)).toBe(source);
  });

  const sources = [...readTemplates(path.resolve(import.meta.dirname, '../../templates'))].filter(([name]) =>
    name.endsWith('.go'),
  );

  it('changes no Go file of the platform packages: they compile, so all that they import is used', () => {
    for (const [name, source] of sources) if (gofmt(source) === source) expect(tidyImports(source), name).toBe(source);
  });
});

describe('goImports', () => {
  it('gives single and grouped imports', () => {
    const source =
      'package x\n\nimport "os"\n\nimport (\n\t// why\n\t_ "embed"\n\n\ty "a/b" // c\n)\n\nvar s = `\nimport "no"`\n';
    expect(goImports(source)).toEqual([
      { alias: '', path: 'os' },
      { alias: '_', path: 'embed' },
      { alias: 'y', path: 'a/b' },
    ]);
  });
});

describe('localName', () => {
  it.each([
    ['context', 'context'],
    ['net/http', 'http'],
    ['math/rand/v2', 'rand'],
    ['gopkg.in/yaml.v3', 'yaml'],
    ['go.opentelemetry.io/otel/semconv/v1.37.0', 'semconv'],
    ['github.com/gin-gonic/gin', 'gin'],
  ])('of %s is %s', (imported, name) => {
    expect(localName({ alias: '', path: imported })).toBe(name);
  });
});

describe('selectsFrom', () => {
  it.each(['a', 'd', 'h'])('finds %s', (name) => {
    expect(selectsFrom('a.b.c(d .e) + 1.5 + f(g...) + h\n\t.i', name)).toBe(true);
  });

  it.each(['b', 'c', 'e', 'f', 'g', 'i', 'x'])('does not find %s', (name) => {
    expect(selectsFrom('a.b.c(d .e) + 1.5 + f(g, ...) + éx.y', name)).toBe(false);
  });
});
