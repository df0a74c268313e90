import {
  createPrompt,
  isBackspaceKey,
  isEnterKey,
  isTabKey,
  makeTheme,
  useKeypress,
  usePrefix,
  useState,
} from '@inquirer/core';
import type { LineQuestion } from './prompt.js';
import type { plainTheme } from './prompt-theme.js';

/** A question and how it looks; see `plainTheme`. */
interface StyledQuestion extends LineQuestion {
  readonly theme: Partial<typeof plainTheme>;
}

/**
 * A prompt for one line that shows what is wrong with it under it, at every key; inquirer's own input validates only on
 * Enter. Tab fills in the preset for editing.
 */
export const liveLine = createPrompt<string, StyledQuestion>(({ message, preset = '', problem, theme: look }, done) => {
  const [status, setStatus] = useState<'idle' | 'done'>('idle');
  const [value, setValue] = useState('');
  const [offered, setOffered] = useState(preset);
  const [tried, setTried] = useState(false);
  const theme = makeTheme(look);
  const prefix = usePrefix({ status, theme });

  useKeypress((key, line) => {
    if (isEnterKey(key)) {
      const answer = value || offered;
      if (problem(answer) !== undefined) {
        line.write(value);
        setTried(true);
        return;
      }
      setValue(answer);
      setStatus('done');
      done(answer);
    } else if (isTabKey(key) && value === '') {
      line.clearLine(0);
      line.write(offered);
      setValue(offered);
    } else if (isBackspaceKey(key) && value === '') {
      setOffered('');
    } else {
      setValue(line.line);
    }
  });

  const asked = theme.style.message(message, status);
  if (status === 'done') return `${prefix} ${asked} ${theme.style.answer(value)}`;
  const hint = value === '' && offered !== '' ? ` ${theme.style.defaultAnswer(offered)}` : '';
  const wrong = value !== '' || tried ? problem(value || offered) : undefined;
  return [`${prefix} ${asked}${hint} ${value}`, wrong === undefined ? '' : theme.style.error(wrong)];
});
