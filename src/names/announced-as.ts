/** What an event says of each standard operation that writes. Actions are announced by their own names. */
export const announcedAs: Readonly<Partial<Record<string, string>>> = {
  create: 'created',
  update: 'updated',
  delete: 'deleted',
};
