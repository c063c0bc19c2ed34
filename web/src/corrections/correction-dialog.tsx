import { Select, TextInput } from '@mantine/core';
import { useState } from 'react';
import { type Correction, correctionsOperations } from '#contract/corrections.ts';
import { useAction } from '../api/operation-action.ts';
import { FormDialog } from '../forms/form-dialog.tsx';
import { announce } from '../states/announce.ts';
import { PairFields } from './pair-fields.tsx';

const TYPES = [
  { value: 'java', label: 'Java' },
  { value: 'npm', label: 'npm' },
  { value: 'python', label: 'Python' },
  { value: 'gem', label: 'Ruby gem' },
  { value: 'go', label: 'Go' },
  { value: 'nuget', label: 'NuGet' },
  { value: 'os', label: 'Package of the distribution' },
];
const FIELDS = ['package', 'version', 'location', 'purl', 'cpes', 'implementation-version', 'specification-version'];
const REFRESHES = [correctionsOperations.get_corrections];

/** Form of a new correction, or of a stored one. */
export function CorrectionDialog({ correction, onClose }: { correction?: Correction; onClose: () => void }) {
  const [type, setType] = useState(correction?.match.type ?? 'java');
  const [matches, setMatches] = useState(
    correction?.match.field_matches ?? [{ field_name: 'package', field_value: '' }],
  );
  const [replace, setReplace] = useState(correction?.replace ?? [{ field_name: 'cpes', field_value: '' }]);
  const [description, setDescription] = useState(correction?.description ?? '');
  const onDone = () => {
    announce('Saved. Images are matched again.');
    onClose();
  };
  const add = useAction(correctionsOperations.add_correction, { refreshes: REFRESHES, onDone });
  const update = useAction(correctionsOperations.update_correction_by_uuid, { refreshes: REFRESHES, onDone });
  const filled = (list: Correction['replace']) => list.filter(({ field_name }) => field_name.trim());
  const types = TYPES.some(({ value }) => value === type) ? TYPES : [...TYPES, { value: type, label: type }];
  const body = {
    type: 'package' as const,
    description,
    match: { type, field_matches: filled(matches) },
    replace: filled(replace),
  };
  return (
    <FormDialog
      opened
      onClose={onClose}
      title={correction ? 'Change correction' : 'Add correction'}
      submit={correction ? 'Save' : 'Add correction'}
      busy={add.isPending || update.isPending}
      error={add.error ?? update.error}
      disabled={body.replace.length === 0}
      onSubmit={() =>
        correction ? update.mutate({ params: { uuid: correction.uuid ?? '' }, body }) : add.mutate({ body })
      }
    >
      <Select
        label="Kind of package"
        data={types}
        value={type}
        allowDeselect={false}
        onChange={(value) => setType(value ?? type)}
      />
      <PairFields
        legend="Packages with all of these"
        names={FIELDS}
        pairs={matches}
        onChange={setMatches}
        valuePlaceholder="log4j-core"
      />
      <PairFields
        legend="Are really"
        about="Values may name other fields in braces, such as cpe:2.3:a:acme:{package}:{version}:*:*:*:*:*:*:*"
        names={FIELDS}
        pairs={replace}
        onChange={setReplace}
      />
      <TextInput
        label="Description"
        value={description}
        onChange={(event) => setDescription(event.currentTarget.value)}
      />
    </FormDialog>
  );
}
