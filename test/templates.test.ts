import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { readTemplates } from '../scripts/build/read-templates.js';
import { diagnosticLine } from '../src/errors.js';
import { checkTemplates } from './support/check-templates.js';

const templates = readTemplates(path.resolve(import.meta.dirname, '../templates'));

describe('the templates', () => {
  it('say nothing that the model does not have', { timeout: 60_000 }, () => {
    expect(checkTemplates(templates).map(diagnosticLine)).toEqual([]);
  });
});
