import type { PackedCpe, PackedRecord } from '../index/format.ts';
import { indexKey } from '../index/format.ts';
import type { BuildContext } from './context.ts';
import { packPackageBlob } from './pack.ts';
import { packRecord } from './package-records.ts';
import type { Row } from './source.ts';
import { text } from './source.ts';

const COLUMNS = [
  'part',
  'vendor',
  'product',
  'edition',
  'language',
  'software_edition',
  'target_hardware',
  'target_software',
  'other',
] as const;

/** Writes all CPE records: one group per vendor and product. */
export function writeCpeRecords(context: BuildContext): void {
  const { source } = context;
  if (!source.hasTable('cpes')) return;
  let key = '';
  let records: PackedRecord[] = [];
  const flush = (): void => {
    if (records.length > 0) context.put(key, context.putGroup(records));
    records = [];
  };
  for (const row of source.rows(query(context))) {
    const rowKey = indexKey('c', text(row.vendor).toLowerCase(), text(row.product).toLowerCase());
    if (rowKey !== key) flush();
    key = rowKey;
    const record = packCpeRecord(context, row);
    if (record) records.push(record);
    context.countEcosystem('cpe', 1);
    context.step();
  }
  flush();
}

function query(context: BuildContext): string {
  const columns = COLUMNS.filter((column) => context.source.hasColumn('cpes', column)).map(
    (column) => `c.${column} AS ${column}`,
  );
  const tables = ['affected_cpe_handles', 'unaffected_cpe_handles'].filter((table) => context.source.hasTable(table));
  const selects = tables.map(
    (table) =>
      `SELECT h.id AS id, h.vulnerability_id AS vulnerability_id, h.blob_id AS blob_id, ${table.startsWith('affected') ? 1 : 0} AS affected, ${columns.join(', ')} ` +
      `FROM ${table} h JOIN cpes c ON c.id = h.cpe_id`,
  );
  if (selects.length === 0) return 'SELECT 1 AS id WHERE 0';
  return `SELECT * FROM (${selects.join(' UNION ALL ')}) ORDER BY lower(vendor), lower(product), affected, vulnerability_id, id`;
}

function packCpeRecord(context: BuildContext, row: Row): PackedRecord | undefined {
  const vulnerability = context.vulnerability(Number(row.vulnerability_id));
  if (!vulnerability) {
    context.anomaly('record without vulnerability', 1);
    return undefined;
  }
  const blob = context.source.blob(row.blob_id);
  if (!blob) context.anomaly('record without readable blob', 1);
  const packed = packPackageBlob(blob);
  for (const [type, constraint] of packed.ranges) context.checkRange(type, constraint);
  const [id, provider, status, aliases, affected, ranges] = packRecord(
    vulnerability,
    packed,
    Number(row.affected) === 1,
  );
  const cpe = COLUMNS.map((column) => anyAsEmpty(text(row[column]))) as unknown as PackedCpe;
  return [id, provider, status, aliases, affected, ranges, packed.qualifiers, cpe];
}

function anyAsEmpty(value: string): string {
  return value === '*' ? '' : value.toLowerCase();
}
