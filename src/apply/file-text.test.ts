import { expect, it } from 'vitest';
import { textIn } from './file-text.js';

it('is the text of the bytes', () => {
  expect(textIn('service.yaml', Buffer.from('für\n'))).toBe('für\n');
});

it('is refused with its first line that is not UTF-8', () => {
  const latin1 = Buffer.from('name: a\n# für\n', 'latin1');
  expect(() => textIn('service.yaml', latin1)).toThrow(
    expect.objectContaining({
      exitCode: 2,
      diagnostics: [{ file: 'service.yaml', line: 2, column: 1, message: 'this is not UTF-8' }],
    }),
  );
});
