import { Button, Group, Stack, Text } from '@mantine/core';
import { useState } from 'react';
import { imageVulnerabilitiesOperations } from '#contract/image-vulnerabilities.ts';
import {
  type PackageVulnerabilityAnnotation,
  vulnerabilityAnnotationsOperations,
} from '#contract/vulnerability-annotations.ts';
import { windlassVexOperations } from '#contract/windlass-vex.ts';
import { useAction } from '../../api/operation-action.ts';
import { useOperation } from '../../api/operation-query.ts';
import { useMay } from '../../session/session.ts';
import { Ago } from '../../states/ago.tsx';
import { announce } from '../../states/announce.ts';
import { Failure } from '../../states/failure.tsx';
import { useImageDigest } from '../use-image.ts';
import { AnnotationForm } from './annotation-form.tsx';
import { JUSTIFICATION_WORDS, STATUS_WORDS } from './annotation-words.ts';
import type { Finding } from './finding.ts';
import classes from './findings.module.css';

/** Reads that are old after an annotation changed. */
const REFRESHES = [
  imageVulnerabilitiesOperations.get_image_vulnerabilities_by_digest,
  vulnerabilityAnnotationsOperations.list_image_vuln_annotations,
  windlassVexOperations.list_image_vex_statements,
];

/** What was said of a finding, by people here or by an imported document; and a form to say something. */
export function Annotation({ finding }: { finding: Finding }) {
  const digest = useImageDigest();
  const mayList = useMay('listVulnAnnotations');
  const mayCreate = useMay('createVulnAnnotation');
  const mayUpdate = useMay('updateVulnAnnotation');
  const mayDelete = useMay('deleteVulnAnnotation');
  const [editing, setEditing] = useState(false);
  const said = useOperation(
    vulnerabilityAnnotationsOperations.list_image_vuln_annotations,
    { params: { image_digest: digest }, query: { vulnerability_id: finding.vuln ?? '' } },
    { enabled: mayList },
  );
  const known = said.data?.items.find((item) => isAbout(item, finding)) ?? said.data?.items.find(isOfAll);
  const done = (message: string) => () => {
    announce(message);
    setEditing(false);
  };
  const remove = useAction(vulnerabilityAnnotationsOperations.delete_image_vuln_annotation, {
    refreshes: REFRESHES,
    onDone: done('The annotation was deleted'),
  });
  if (!mayList) {
    return (
      <Text size="sm" c="dimmed">
        {finding.annotation_status ? STATUS_WORDS[finding.annotation_status] : 'Nothing was said of it.'}
      </Text>
    );
  }
  if (said.error) return <Failure error={said.error} retry={() => void said.refetch()} />;
  if (editing) {
    return (
      <AnnotationForm
        finding={finding}
        known={known}
        refreshes={REFRESHES}
        onDone={done('Saved')}
        onCancel={() => setEditing(false)}
      />
    );
  }
  const params = { image_digest: digest, vuln_annotation_uuid: known?.annotation.uuid ?? '' };
  return (
    <Stack gap="sm">
      {known ? <Said item={known} /> : <Imported finding={finding} digest={digest} />}
      {remove.error ? <Failure error={remove.error} /> : null}
      <Group gap="xs">
        {(known ? mayUpdate : mayCreate) ? (
          <Button variant="default" size="xs" onClick={() => setEditing(true)}>
            {known ? 'Change' : 'Annotate'}
          </Button>
        ) : null}
        {known && mayDelete ? (
          <Button
            variant="subtle"
            color="red"
            size="xs"
            loading={remove.isPending}
            onClick={() => remove.mutate({ params })}
          >
            Delete
          </Button>
        ) : null}
      </Group>
    </Stack>
  );
}

function isAbout({ package_identifier: pkg }: PackageVulnerabilityAnnotation, finding: Finding): boolean {
  return (
    pkg?.name === finding.package_name && pkg?.version === finding.package_version && pkg?.type === finding.package_type
  );
}

function isOfAll({ package_identifier: pkg }: PackageVulnerabilityAnnotation): boolean {
  return !pkg;
}

function Said({ item: { annotation, package_identifier: pkg } }: { item: PackageVulnerabilityAnnotation }) {
  const { status, justification, impact_statement, action_statement, status_notes, additional_details } = annotation;
  return (
    <dl className={classes.facts}>
      <dt>Status</dt>
      <dd>
        <b>{STATUS_WORDS[status]}</b>
        {justification ? `: ${JUSTIFICATION_WORDS[justification].toLowerCase()}` : ''}
      </dd>
      <Line name="Why" text={impact_statement} />
      <Line name="What to do" text={action_statement} />
      <Line name="Notes" text={status_notes} />
      <Line name="Details" text={additional_details} />
      <dt>Concerns</dt>
      <dd>{pkg ? `${pkg.name} ${pkg.version}` : 'every package of the image'}</dd>
      <dt>By</dt>
      <dd>
        {annotation.author}, <Ago time={annotation.updated_at} />
      </dd>
    </dl>
  );
}

function Imported({ finding, digest }: { finding: Finding; digest: string }) {
  const statements = useOperation(
    windlassVexOperations.list_image_vex_statements,
    { params: { image_digest: digest } },
    { enabled: finding.annotation_status !== undefined },
  );
  const statement = statements.data?.items.find(
    (one) =>
      one.source === 'vex' &&
      one.vulnerability === finding.vuln &&
      one.package_name === finding.package_name &&
      one.package_version === finding.package_version,
  );
  if (!statement) {
    return (
      <Text size="sm" c="dimmed">
        Nothing was said of it.
      </Text>
    );
  }
  return (
    <dl className={classes.facts}>
      <dt>Status</dt>
      <dd>
        <b>{STATUS_WORDS[statement.status]}</b>, by an imported VEX document
      </dd>
      <Line name="Reason" text={statement.justification?.replaceAll('_', ' ')} />
      <Line name="Why" text={statement.impact_statement} />
      <Line name="What to do" text={statement.action_statement} />
      <Line name="Notes" text={statement.status_notes} />
      <Line name="By" text={statement.author} />
    </dl>
  );
}

function Line({ name, text }: { name: string; text: string | null | undefined }) {
  if (!text) return null;
  return (
    <>
      <dt>{name}</dt>
      <dd>{text}</dd>
    </>
  );
}
