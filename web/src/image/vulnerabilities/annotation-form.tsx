import { Button, Checkbox, Group, Select, Stack, Textarea } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import type { Operation } from '#contract/operation.ts';
import {
  type PackageVulnerabilityAnnotation,
  vulnerabilityAnnotationsOperations,
} from '#contract/vulnerability-annotations.ts';
import { useAction } from '../../api/operation-action.ts';
import { Failure } from '../../states/failure.tsx';
import { useImageDigest } from '../use-image.ts';
import {
  type AnnotationStatus,
  JUSTIFICATION_WORDS,
  type Justification,
  justificationsFor,
  STATUS_WORDS,
} from './annotation-words.ts';
import type { Finding } from './finding.ts';

const STATUSES = Object.entries(STATUS_WORDS).map(([value, label]) => ({ value, label }));

/** Form that says what a vulnerability means in the image. */
export function AnnotationForm(props: {
  finding: Finding;
  known: PackageVulnerabilityAnnotation | undefined;
  refreshes: readonly Operation[];
  onDone: () => void;
  onCancel: () => void;
}) {
  const { finding, known, refreshes, onDone } = props;
  const digest = useImageDigest();
  const before = known?.annotation;
  const [status, setStatus] = useState<AnnotationStatus>(before?.status ?? 'not_affected');
  const [justification, setJustification] = useState<Justification | null>(before?.justification ?? null);
  const [impact, setImpact] = useState(before?.impact_statement ?? '');
  const [action, setAction] = useState(before?.action_statement ?? '');
  const [notes, setNotes] = useState(before?.status_notes ?? '');
  const [onlyPackage, setOnlyPackage] = useState(true);
  const create = useAction(vulnerabilityAnnotationsOperations.create_image_vuln_annotation, { refreshes, onDone });
  const update = useAction(vulnerabilityAnnotationsOperations.update_image_vuln_annotation, { refreshes, onDone });
  const reasons = justificationsFor(status);
  const error = create.error ?? update.error;

  function submit(event: FormEvent): void {
    event.preventDefault();
    const annotation = {
      vulnerability_id: before?.vulnerability_id ?? finding.vuln ?? '',
      status,
      justification: justification && reasons.includes(justification) ? justification : null,
      impact_statement: status === 'not_affected' ? impact || null : null,
      action_statement: status === 'affected' ? action || null : null,
      status_notes: notes || null,
      additional_details: before?.additional_details ?? null,
    };
    if (before?.uuid) {
      update.mutate({ params: { image_digest: digest, vuln_annotation_uuid: before.uuid }, body: annotation });
      return;
    }
    const { package_name: name = '', package_version: version = '', package_type: type = '' } = finding;
    create.mutate({
      params: { image_digest: digest },
      body: { annotation, package_identifier: onlyPackage ? { name, version, type } : null },
    });
  }

  return (
    <form onSubmit={submit}>
      <Stack gap="sm">
        <Select
          label="Status"
          data={STATUSES}
          value={status}
          allowDeselect={false}
          onChange={(value) => setStatus((value as AnnotationStatus | null) ?? status)}
        />
        {reasons.length > 0 ? (
          <Select
            label="Reason"
            data={reasons.map((value) => ({ value, label: JUSTIFICATION_WORDS[value] }))}
            value={justification && reasons.includes(justification) ? justification : null}
            onChange={(value) => setJustification(value as Justification | null)}
            clearable
          />
        ) : null}
        {status === 'not_affected' ? (
          <Textarea
            label="Why"
            autosize
            minRows={2}
            value={impact}
            onChange={(event) => setImpact(event.currentTarget.value)}
          />
        ) : null}
        {status === 'affected' ? (
          <Textarea
            label="What to do"
            autosize
            minRows={2}
            value={action}
            onChange={(event) => setAction(event.currentTarget.value)}
          />
        ) : null}
        <Textarea
          label="Notes"
          autosize
          minRows={2}
          value={notes}
          onChange={(event) => setNotes(event.currentTarget.value)}
        />
        {known ? null : (
          <Checkbox
            label={`Only in ${finding.package_name} ${finding.package_version}`}
            checked={onlyPackage}
            onChange={(event) => setOnlyPackage(event.currentTarget.checked)}
          />
        )}
        {error ? <Failure error={error} /> : null}
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={props.onCancel}>
            Cancel
          </Button>
          <Button type="submit" loading={create.isPending || update.isPending}>
            Save
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
