/** The standard operations, in the order in which documents list them. */
export const operationNames = ['create', 'get', 'list', 'update', 'delete'] as const;
