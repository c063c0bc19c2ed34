export { json, storableText } from './json.ts';
export { openDatabase } from './open.ts';
export { sqlState } from './transactions.ts';
export type { Database, Db } from './types.ts';
