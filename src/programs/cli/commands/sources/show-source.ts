import type { SourceManifest } from '#contract/source-imports.ts';
import type { CliContext } from '../../context.ts';
import { type Format, showOne } from '../../show.ts';

/** Prints a source, with what its newest import told. */
export async function showSource(cli: CliContext, output: Format, source: SourceManifest): Promise<void> {
  const imports = source.metadata_records ?? [];
  const newest = imports.at(-1);
  await showOne(cli, output, {
    data: source,
    id: source.uuid,
    fields: [
      ['Source', source.uuid],
      ['Host', source.host],
      ['Repository', source.repository_name],
      ['Revision', source.revision],
      ['Branch', newest?.branch_name],
      ['Author', newest?.change_author],
      ['Workflow', newest?.ci_workflow_name],
      ['Imports', imports.length],
      ['Analysis', source.analysis_status],
      ['Status', source.source_status],
      ['Added at', source.created_at],
    ],
  });
}
