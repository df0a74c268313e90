import { UserError } from '../errors.js';

/**
 * Reads the number of an option.
 *
 * @throws UserError with code 2 unless it is from 1 to `most`
 */
export function numberFrom(option: string, text: string, most = 9_999): number {
  const number = Number(text);
  if (/^[1-9]\d*$/.test(text) && number <= most) return number;
  throw new UserError(`${option} ${text}: give a number from 1 to ${most}`);
}
