/**
 * The version that clients of the compatible API look at. Agents ask for at least 5.11; the interface served is that
 * of API document 2.13, which belongs to 5.23.
 */
export const COMPATIBLE_VERSION = '5.23.0';

/** Version of the API; clients compare the string. */
export const API_VERSION = '2';

/** Versions of this installation. */
export interface Versions {
  /** Of this program. */
  program: string;
  /** Of the database schema: its latest migration. */
  schema: string;
}
