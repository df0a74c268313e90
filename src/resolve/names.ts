import { goVariable } from '../names/go-names.js';
import { article, camel, kebab, pascal, prose, screaming, snake } from '../text/case.js';
import type { Names } from './names-model.js';

/** Returns every spelling of a name of the manifest; its Go variable also avoids the names in `taken`. */
export function names(written: string, taken?: ReadonlySet<string>): Names {
  const words = prose(written);
  return {
    written,
    kebab: kebab(written),
    snake: snake(written),
    camel: camel(written),
    pascal: pascal(written),
    screaming: screaming(written),
    words,
    title: words.charAt(0).toUpperCase() + words.slice(1),
    withArticle: `${article(words)} ${words}`,
    goVar: goVariable(written, taken),
  };
}
