/** The person pressed Ctrl-C, or ended the input of a prompt. Ends the command with exit code 130. */
export class Interruption extends Error {
  override readonly name = 'Interruption';

  /** The message says what was written until then; it is all that the person reads. */
  constructor(message = 'Interrupted; nothing was written.') {
    super(message);
  }
}
