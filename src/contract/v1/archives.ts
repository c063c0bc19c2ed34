import { z } from 'zod';
import { v1Operation } from './operation.ts';

/** Judged by the second generation, once the nulls that clients write are gone. */
const Rule = z.record(z.string(), z.unknown());

/** Archived analyses and the rules that archive. */
export const v1ArchiveOperations = {
  list_archives: v1Operation('list_archives'),
  list_analysis_archive: v1Operation('list_analysis_archive'),
  archive_image_analysis: v1Operation('archive_image_analysis'),
  get_archived_analysis: v1Operation('get_archived_analysis'),
  delete_archived_analysis: v1Operation('delete_archived_analysis'),
  list_analysis_archive_rules: v1Operation('list_analysis_archive_rules'),
  create_analysis_archive_rule: v1Operation('create_analysis_archive_rule', { body: Rule }),
  get_analysis_archive_rule: v1Operation('get_analysis_archive_rule'),
  delete_analysis_archive_rule: v1Operation('delete_analysis_archive_rule'),
};
