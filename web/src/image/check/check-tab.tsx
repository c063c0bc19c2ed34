import { Group, Select, Stack } from '@mantine/core';
import { getRouteApi, useNavigate } from '@tanstack/react-router';
import { imageCheckOperations } from '#contract/image-check.ts';
import { policiesOperations } from '#contract/policies.ts';
import { useOperation } from '../../api/operation-query.ts';
import { Answer } from '../../states/answer.tsx';
import { Nothing } from '../../states/nothing.tsx';
import { useImage, useImageDigest } from '../use-image.ts';
import { EvaluationView } from './evaluation-view.tsx';

const route = getRouteApi('/app/images/$digest/policy-check');

/** What a policy says of the image under one of its tags. */
export function CheckTab() {
  const digest = useImageDigest();
  const image = useImage();
  const search = route.useSearch();
  const navigate = useNavigate();
  const policies = useOperation(policiesOperations.list_policies, {});
  const tags = [...new Set(image.data?.image_detail?.flatMap((detail) => detail.full_tag ?? []) ?? [])];
  const tag = search.tag ?? tags[0];
  const active = policies.data?.find((policy) => policy.active);
  const check = useOperation(
    imageCheckOperations.get_image_policy_check_by_digest,
    {
      params: { image_digest: digest },
      query: { tag: tag ?? '', detail: true, ...(search.policy ? { policy_id: search.policy } : {}) },
    },
    { enabled: tag !== undefined },
  );
  const choose = (next: { tag?: string | null; policy?: string | null }) => {
    const { tag: newTag = search.tag, policy = search.policy } = next;
    void navigate({
      to: '/images/$digest/policy-check',
      params: { digest },
      search: { ...(newTag ? { tag: newTag } : {}), ...(policy ? { policy } : {}) },
      replace: true,
    });
  };
  if (image.data && tag === undefined) {
    return <Nothing title="The image has no tag">A policy is chosen by registry, repository and tag.</Nothing>;
  }
  return (
    <Stack gap="md">
      <Group gap="sm">
        <Select
          label="Tag"
          data={tag && !tags.includes(tag) ? [tag, ...tags] : tags}
          value={tag ?? null}
          allowDeselect={false}
          w={{ base: '100%', sm: 380 }}
          onChange={(value) => choose({ tag: value })}
        />
        <Select
          label="Policy"
          data={(policies.data ?? []).map((policy) => ({
            value: policy.policy_id,
            label: policy.active ? `${policy.name} (active)` : policy.name,
          }))}
          value={search.policy ?? active?.policy_id ?? null}
          allowDeselect={false}
          w={{ base: '100%', sm: 280 }}
          onChange={(value) => choose({ policy: value === active?.policy_id ? null : value })}
        />
      </Group>
      <Answer of={check} what="Evaluating">
        {(result) => {
          const [evaluation] = result.evaluations ?? [];
          return evaluation ? (
            <EvaluationView evaluation={evaluation} digest={digest} />
          ) : (
            <Nothing title="No evaluation" />
          );
        }}
      </Answer>
    </Stack>
  );
}
