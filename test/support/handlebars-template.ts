import Handlebars from 'handlebars';
import type { RenderKit, Template } from '../../src/catalog/catalog.js';
import { parseSource } from '../../src/catalog/template/parse.js';

/** Returns the template as real Handlebars renders it: what emitted templates must equal byte for byte. */
export function handlebarsTemplate(file: string, text: string): Template {
  if (!file.endsWith('.hbs')) return () => text;
  return (context, kit) => {
    const render = instance(kit).compile(parseSource(text), {
      noEscape: true,
      strict: true,
      explicitPartialContext: true,
    });
    return render(context);
  };
}

/** Handlebars hands every helper one argument more than the template writes, its options; ours never see it. */
function instance(kit: RenderKit): typeof Handlebars {
  const own = Handlebars.create();
  for (const [name, helper] of Object.entries(kit.helpers)) {
    own.registerHelper(name, (...args: unknown[]) => call(helper, args.slice(0, -1)));
  }
  for (const [name, block] of Object.entries(kit.blocks)) {
    own.registerHelper(name, function (this: unknown, ...args: unknown[]) {
      const options = args.at(-1) as Handlebars.HelperOptions;
      return call(block, [options.fn(this), ...args.slice(0, -1)]);
    });
  }
  own.registerHelper('raw', function (this: unknown, options: Handlebars.HelperOptions) {
    return options.fn(this);
  });
  own.registerHelper('slot', (name: string, context: unknown, indent: string) => kit.slot(name, context, indent));
  return own;
}

function call(helper: (...args: never[]) => string, args: readonly unknown[]): string {
  return (helper as (...args: readonly unknown[]) => string)(...args);
}
