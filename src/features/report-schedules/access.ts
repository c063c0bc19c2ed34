import { type RawBuilder, sql } from 'kysely';

/** Whose rows a caller sees: those of an account, those over all accounts, or both. */
export interface Access {
  account: string | undefined;
  global: boolean;
}

/** Condition on rows with `account` and `scope`: those that are seen. */
export const seen = ({ account, global }: Access, prefix = ''): RawBuilder<unknown> => {
  const column = (name: string) => sql.ref(prefix + name);
  return sql`((${column('scope')} = 'account' and ${column('account')} = ${account ?? null})
    or (${column('scope')} = 'global' and ${global}))`;
};
