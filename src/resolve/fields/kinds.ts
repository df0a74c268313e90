import { enumeration } from './enum.js';
import { json } from './json.js';
import type { FieldKinds } from './kind.js';
import { decimal, float64, int32, int64 } from './number.js';
import { bool, uuid } from './simple.js';
import { string } from './string.js';
import { text } from './text.js';
import { date, timestamp } from './time.js';

/** What the model says about each field type. */
export const fieldKinds: FieldKinds = {
  string,
  text,
  int32,
  int64,
  float64,
  decimal,
  bool,
  uuid,
  timestamp,
  date,
  enum: enumeration,
  json,
};
