import type { Command } from 'commander';
import { imagesOperations } from '#contract/images.ts';
import type { CliContext } from '../../context.ts';
import { EXIT } from '../../exit-codes.ts';
import { resolveImage } from '../../resolve-image.ts';
import { connect, type ServerOptions, serverCommand } from '../../server-command.ts';
import { show } from '../../show.ts';

/** `image delete` */
export function defineDelete(noun: Command, cli: CliContext, exit: (code: number) => void): void {
  serverCommand(
    noun,
    'delete <image...>',
    'Delete images',
    ['windlass image delete app:1.3', 'the newest image of the tag'],
    ['windlass image delete sha256:… --force', 'although it is watched'],
  )
    .option('--force', 'also when it is the newest of a watched tag')
    .action(async (names: string[], options: ServerOptions & { force?: boolean }) => {
      const client = connect(cli, options);
      const digests: string[] = [];
      for (const name of names) digests.push((await resolveImage(client, name)).digest);
      const rows = await client.call(imagesOperations.delete_images_async, {
        query: { image_digests: digests, ...(options.force ? { force: true } : {}) },
      });
      await show(cli, options.output, {
        data: rows,
        rows,
        columns: [
          { title: 'digest', value: (row) => row.image_digest, keep: true },
          { title: 'status', value: (row) => row.status },
          { title: 'detail', value: (row) => row.detail },
        ],
        id: (row) => row.image_digest,
      });
      if (rows.some(({ status }) => status !== 'deleting')) exit(EXIT.error);
    });
}
