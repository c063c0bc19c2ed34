import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';

const ROOT = join(import.meta.dirname, '../..');
const MIGRATIONS = join(ROOT, 'src/platform/database/migrations');
const FEATURES = join(ROOT, 'src/features');

/** Tables with a column "account", read from the migrations. */
function ownedTables(): string[] {
  const text = readdirSync(MIGRATIONS)
    .filter((name) => name.endsWith('.sql'))
    .map((name) => readFileSync(join(MIGRATIONS, name), 'utf8'))
    .join('\n');
  return [...text.matchAll(/create table (?:if not exists )?(\w+) \(\n([\s\S]*?)\n\);/g)]
    .filter(([, , body]) => /^\s+account text\b/m.test(body ?? ''))
    .map(([, name]) => name as string);
}

interface StoreFunction {
  file: string;
  name: string;
  doc: string;
  body: string;
}

/** Exported functions of the stores with their doc comments. */
function storeFunctions(): StoreFunction[] {
  const files = readdirSync(FEATURES, { recursive: true, encoding: 'utf8' }).filter((name) =>
    /(^|[/-])store\.ts$/.test(name),
  );
  return files.flatMap((file) => {
    const text = readFileSync(join(FEATURES, file), 'utf8');
    const found = text.matchAll(/\/\*\*((?:(?!\*\/)[\s\S])*)\*\/\nexport (?:async )?function (\w+)([\s\S]*?)\n}/g);
    return [...found].map(([, doc = '', name = '', body = '']) => ({ file, name, doc, body }));
  });
}

const TABLES = ownedTables();
const TOUCHES = new RegExp(
  `\\b(?:from|join|into|update|delete from|table\\(')\\s*(?:'?)(${TABLES.join('|')})\\b|(?:selectFrom|insertInto|updateTable|deleteFrom|innerJoin|leftJoin)\\('(${TABLES.join('|')})\\b`,
);
/** Words in a doc comment which say that a function looks beyond one account on purpose. */
const DECLARED = /\b(every|all|any|several|both) accounts?\b|whatever the account|wherever|of the installation/i;

/** Functions whose comment does not say so yet: they work on a digest or on analyses, which belong to all accounts. */
const KNOWN = ['analyses/store.ts: deleteOrphanAnalyses', 'images/store.ts: setProgress'];

describe('store functions', () => {
  it('are found', () => {
    expect(TABLES).toEqual(expect.arrayContaining(['image', 'policy', 'subscription', 'event']));
    expect(storeFunctions().length).toBeGreaterThan(20);
  });

  it('that touch what accounts own take the account, or say in their doc comment that they serve all accounts', () => {
    const unscoped = storeFunctions().filter(
      ({ doc, body }) => TOUCHES.test(body) && !/\baccount\b/.test(body) && !DECLARED.test(doc),
    );
    const names = unscoped.map(({ file, name }) => `${file}: ${name}`);
    expect(names.filter((name) => !KNOWN.includes(name))).toEqual([]);
  });
});
