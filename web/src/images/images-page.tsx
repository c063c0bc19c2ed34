import { Button, Group, Pagination } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconBoxSeam, IconPlus } from '@tabler/icons-react';
import { getRouteApi, useNavigate } from '@tanstack/react-router';
import { type ImageOverview, windlassOperations } from '#contract/windlass.ts';
import { useOperation } from '../api/operation-query.ts';
import { NoDataNotice } from '../feeds/no-data-notice.tsx';
import { useMay } from '../session/session.ts';
import { PageTitle } from '../shell/page-title.tsx';
import { Nothing } from '../states/nothing.tsx';
import { DataTable } from '../table/data-table.tsx';
import { AddImageDialog } from './add-image-dialog.tsx';
import { imageColumns } from './image-columns.tsx';
import { ImageFilters } from './image-filters.tsx';
import { IMAGE_ORDERS, type ImagesSearch } from './images-search.ts';

const PAGE_SIZE = 100;
const route = getRouteApi('/app/images');

/** Images of the account: what they are, how bad they are, whether policy lets them pass. */
export function ImagesPage() {
  const search = route.useSearch();
  const navigate = useNavigate();
  const mayAdd = useMay('createImage');
  const [adding, dialog] = useDisclosure(false);
  const { order = 'created_at', ascending = false, page = 1 } = search;
  const list = useOperation(
    windlassOperations.list_image_overview,
    { query: listQuery(search) },
    {
      keepPrevious: true,
      every: (data) => (data?.items.some(isUnderway) ? 1500 : 30_000),
    },
  );
  const filtered = Boolean(search.search || search.verdict || search.severity || search.status);
  const change = (part: ImagesSearch) => {
    const next = { ...search, ...part };
    if (!('page' in part)) delete next.page;
    void navigate({ to: '/images', search: next, replace: true });
  };
  const pages = Math.ceil((list.data?.total_rows ?? 0) / PAGE_SIZE);
  const add = mayAdd ? (
    <Button leftSection={<IconPlus size={16} aria-hidden />} onClick={dialog.open}>
      Add image
    </Button>
  ) : null;

  return (
    <>
      <PageTitle title="Images">{add}</PageTitle>
      <NoDataNotice />
      <DataTable
        label="Images"
        filters={<ImageFilters search={search} onChange={change} />}
        csv="windlass-images"
        total={list.data?.total_rows ?? 0}
        columns={imageColumns}
        rows={list.data?.items}
        rowKey={(image) => image.image_digest}
        error={list.error}
        retry={() => void list.refetch()}
        sort={{ id: order, descending: !ascending }}
        onSort={({ id, descending }) => {
          const known = IMAGE_ORDERS.find((one) => one === id);
          if (known) change({ order: known, ascending: !descending });
        }}
        onRowClick={(image) => void navigate({ to: '/images/$digest', params: { digest: image.image_digest } })}
        maxHeight="max(26rem, calc(100dvh - 13.5rem))"
        empty={
          filtered ? (
            <Nothing title="No image matches">Change the search or the filters to see more.</Nothing>
          ) : (
            <Nothing title="No images yet" icon={<IconBoxSeam size={36} stroke={1.4} aria-hidden />}>
              Add one from a registry, or upload an archive made by <code>docker save</code>.
            </Nothing>
          )
        }
        footer={
          pages > 1 ? (
            <Group justify="center" mt="md">
              <Pagination
                total={pages}
                value={page}
                onChange={(to) => change({ page: to })}
                getControlProps={(control) => ({ 'aria-label': `${control} page` })}
                getItemProps={(number) => ({ 'aria-label': `Page ${number}` })}
              />
            </Group>
          ) : null
        }
      />
      <AddImageDialog opened={adding} onClose={dialog.close} />
    </>
  );
}

function listQuery(search: ImagesSearch) {
  const { order = 'created_at', ascending = false, page = 1, status } = search;
  return {
    ...(search.search ? { search: search.search } : {}),
    ...(search.verdict ? { verdict: search.verdict } : {}),
    ...(search.severity ? { severity: search.severity } : {}),
    ...(status ? { analysis_status: [status] } : {}),
    order_by: order,
    descending: !ascending,
    page,
    limit: PAGE_SIZE,
  };
}

function isUnderway(image: ImageOverview): boolean {
  return image.analysis_status === 'analyzing' || image.analysis_status === 'not_analyzed';
}
