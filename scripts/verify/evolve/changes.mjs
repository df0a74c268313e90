/** The fields of the service before each change. */
export const fields = {
  label: '{ type: string, max: 40, required: true, index: true }',
  amount: '{ type: decimal, precision: 12, scale: 2, required: true }',
  state: '{ type: enum, values: [open, closed, lost], default: open }',
  note: '{ type: text }',
};

const renamed = {
  name: 'two fields that are renamed',
  after: {
    title: '{ type: string, max: 40, required: true, index: true, was: label }',
    amount: fields.amount,
    phase: '{ type: enum, values: [open, closed, lost], default: open, was: state }',
    note: fields.note,
  },
  expect: ({ label: title, state: phase, ...row }) => ({ ...row, title, phase }),
  renames: { label: 'title', state: 'phase' },
};

const gone = {
  name: 'a field that goes',
  after: { label: fields.label, amount: fields.amount, state: fields.state },
  expect: ({ note: _, ...row }) => row,
  gone: ['note'],
  settled: true,
};

const wider = {
  name: 'a wider string, another value, more digits',
  after: {
    ...fields,
    label: '{ type: string, max: 80, required: true, index: true }',
    amount: '{ type: decimal, precision: 14, scale: 3, required: true }',
    state: '{ type: enum, values: [open, closed, lost, found], default: open }',
  },
  expect: (row) => ({ ...row, amount: `${row.amount}0` }),
};

const narrower = {
  name: 'a narrower string, fewer digits, a value less',
  after: {
    ...fields,
    label: '{ type: string, max: 12, required: true, index: true }',
    amount: '{ type: decimal, precision: 8, scale: 2, required: true }',
    state: '{ type: enum, values: [open, closed], default: open }',
  },
  expect: (row) => row,
};

/** Changes: the fields afterwards, what a row of before then looks like, and what clients send from then on. */
export const changesOfRows = [
  {
    name: 'a required field with backfill',
    after: { ...fields, channel: '{ type: string, max: 20, required: true, backfill: web }' },
    expect: (row) => ({ ...row, channel: 'web' }),
    create: { channel: 'shop' },
  },
  {
    name: 'a required field with a default',
    after: { ...fields, rank: '{ type: int32, required: true, default: 7 }' },
    expect: (row) => ({ ...row, rank: 7 }),
  },
  renamed,
  wider,
  gone,
  { ...narrower, settled: true },
];

/** The same of documents, which have no types. */
export const changesOfDocuments = [
  {
    name: 'an optional field with an index',
    after: { ...fields, channel: '{ type: string, max: 20, index: true }' },
    expect: (row) => ({ ...row, channel: null }),
    create: { channel: 'shop' },
  },
  {
    name: 'a required field whose default is zero',
    after: { ...fields, rank: '{ type: int32, required: true, default: 0 }' },
    expect: (row) => ({ ...row, rank: 0 }),
  },
  renamed,
  wider,
  gone,
  narrower,
];
