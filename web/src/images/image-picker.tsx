import { Select } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { useState } from 'react';
import { windlassOperations } from '#contract/windlass.ts';
import { useOperation } from '../api/operation-query.ts';
import { shortDigest } from '../format/words.ts';

const DIGEST = /^sha256:[0-9a-f]{64}$/i;

/** An image that was chosen. */
export interface PickedImage {
  digest: string;
  /** The first of its tags. */
  tag: string | undefined;
}

/** A field to choose an image by tag or digest; also one that the account does not have, by its whole digest. */
export function ImagePicker(props: {
  label: string;
  description?: string;
  value: PickedImage | undefined;
  onChange: (image: PickedImage | undefined) => void;
}) {
  const { label, description, value, onChange } = props;
  const [text, setText] = useState('');
  const [search] = useDebouncedValue(text, 250);
  const images = useOperation(
    windlassOperations.list_image_overview,
    { query: { limit: 30, ...(search && search !== titleOf(value) ? { search } : {}) } },
    { keepPrevious: true },
  );
  const found: PickedImage[] = (images.data?.items ?? []).map((image) => ({
    digest: image.image_digest,
    tag: image.full_tags[0],
  }));
  const foreign = text.trim().toLowerCase();
  const known = [value ?? [], found].flat();
  const all = DIGEST.test(foreign) ? [...known, { digest: foreign, tag: undefined }] : known;
  const distinct = all.filter((image, at) => all.findIndex(({ digest }) => digest === image.digest) === at);
  return (
    <Select
      label={label}
      {...(description ? { description } : {})}
      placeholder="Search tag, or paste a digest"
      required
      searchable
      clearable
      data={distinct.map((image) => ({ value: image.digest, label: titleOf(image) }))}
      filter={({ options }) => options}
      searchValue={text}
      onSearchChange={setText}
      value={value?.digest ?? null}
      onChange={(digest) => onChange(distinct.find((image) => image.digest === digest))}
      nothingFoundMessage={images.isFetching ? 'Searching…' : 'No image matches; a whole digest is taken as it is'}
    />
  );
}

function titleOf(image: PickedImage | undefined): string {
  return image ? (image.tag ?? `Digest ${shortDigest(image.digest)}…`) : '';
}
