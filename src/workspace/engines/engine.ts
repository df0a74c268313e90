import type { Member } from '../members.js';

/** How a fleet shall run on an engine. */
export interface FleetSettings {
  /** The list as the person wrote it. */
  readonly list: string;
  /** Its path, as it was given. */
  readonly file: string;
  readonly members: readonly Member[];
  /** How many parts of the list are worked on side by side. */
  readonly shards: number;
  /** How many services of a part are. */
  readonly jobs: number;
  /** Version of the tool that shall run. */
  readonly version: string;
}

/** Where a fleet can run. */
export interface Engine {
  /** Most parts that it takes. */
  readonly mostShards: number;
  /**
   * Returns what the engine is given, as YAML.
   *
   * @throws UserError with code 2 for a list that the engine cannot take
   */
  readonly text: (settings: FleetSettings) => string;
}
