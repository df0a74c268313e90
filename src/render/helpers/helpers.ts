import {
  comment,
  dockerString,
  goString,
  json,
  mdText,
  protoString,
  shell,
  sqlString,
  yamlString,
} from '../../text/quote.js';
import { dashboard } from './dashboard.js';
import { alignColumns } from './go-align.js';
import { goComment } from './go-comment.js';
import { indent } from './indent.js';

/**
 * What templates call as `{{name argument …}}`. Templates are checked against these signatures. A new helper goes
 * here and nowhere else; words and decisions belong in `resolve`, so there is no helper for them.
 */
export const helpers = {
  comment,
  dockerString,
  goComment,
  goString,
  indent,
  json,
  mdText,
  protoString,
  shell,
  sqlString,
  yamlString,
};

/** What templates call as `{{#name}}…{{/name}}`: the first parameter is the text of the block. */
export const blocks = {
  dashboard,
  goalign: alignColumns,
};

/** Names of all helpers, for the template parser. */
export const helperNames = {
  helpers: new Set(Object.keys(helpers)),
  blocks: new Set(Object.keys(blocks)),
};
