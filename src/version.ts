/** Set by the build and by vitest's configuration, from package.json. */
declare const CREATE_SERVICE_VERSION: string;

/** This tool's version, as in package.json. */
export const version: string = CREATE_SERVICE_VERSION;
