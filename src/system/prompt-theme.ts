const same = (text: string): string => text;

/** Styles of the prompts when colour is not wanted: inquirer does not look at NO_COLOR on every version of Node. */
export const plainTheme = {
  icon: { checked: '[x]', unchecked: '[ ]', cursor: '>', disabledChecked: '[x]', disabledUnchecked: '[ ]' },
  prefix: { idle: '?', done: '>' },
  style: {
    answer: same,
    message: same,
    error: (text: string) => `> ${text}`,
    defaultAnswer: (text: string) => `(${text})`,
    help: same,
    highlight: same,
    key: (text: string) => `<${text}>`,
    disabledChoice: (text: string) => `- ${text}`,
    disabled: (text: string) => `- ${text}`,
    description: same,
    keysHelpTip: (keys: readonly (readonly [string, string])[]) => keys.map((pair) => pair.join(' ')).join(' • '),
    renderSelectedChoices: (choices: readonly { readonly short: string }[]) =>
      choices.map(({ short }) => short).join(', '),
  },
};
