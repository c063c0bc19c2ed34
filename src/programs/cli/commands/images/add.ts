import { createReadStream } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import type { Command } from 'commander';
import type { Client } from '#client/index.ts';
import { imagesOperations } from '#contract/images.ts';
import type { AnchoreImage } from '#contract/images-schemas.ts';
import { windlassOperations } from '#contract/windlass.ts';
import type { CliContext } from '../../context.ts';
import { EXIT } from '../../exit-codes.ts';
import { usageFailure } from '../../failure.ts';
import { connect, type ServerOptions, serverCommand } from '../../server-command.ts';
import { show } from '../../show.ts';
import { progressLine } from '../../terminal/progress.ts';
import { formatBytes, parseDuration } from '../../terminal/size.ts';
import { waitForImage } from '../../wait-for-image.ts';
import { IMAGE_COLUMNS } from './columns.ts';

interface WaitOptions {
  wait?: boolean;
  timeout: string;
  quiet?: boolean;
}

interface AddOptions extends ServerOptions, WaitOptions {
  force?: boolean;
  tag?: string;
  dockerfile?: string;
  annotation?: string[];
  autoSubscribe?: boolean;
  from?: string;
  platform?: string;
}

/** `image add`: by tag, or by digest with a tag. */
export function defineAdd(noun: Command, cli: CliContext, exit: (code: number) => void): void {
  waiting(
    serverCommand(
      noun,
      'add <image...>',
      'Let the server fetch and analyse images of a registry',
      ['windlass image add debian:12 --wait', 'and see how far it is'],
      ['windlass image add registry.example.com/app@sha256:… --tag registry.example.com/app:1.4', 'by digest'],
      ['windlass image add app:1.4 --dockerfile Dockerfile --annotation team=web', 'with what is known about it'],
      ['windlass image add registry.internal/app:1.4 --from local', 'analysed on this machine, not by the server'],
      ['windlass image add app:1.4 --from docker-archive:app.tar', 'the same with an archive'],
    ),
  )
    .option('--force', 'analyse again although the image is known')
    .option('--tag <tag>', 'tag to know an image by that is named by digest')
    .option('--dockerfile <file>', 'Dockerfile that it was built from')
    .option('--annotation <key=value>', 'note to keep with it; repeatable', (value: string, list: string[] = []) => [
      ...list,
      value,
    ])
    .option('--auto-subscribe', 'watch the tag for new images')
    .option(
      '--from <where>',
      'analyse on this machine and send the result: "local" (the image from its registry), or an archive or layout as in "windlass scan" (default: "registry", the server fetches)',
    )
    .option('--platform <os/arch>', 'with --from: platform of a multi-platform image')
    .action(async (names: string[], options: AddOptions) => {
      const client = connect(cli, options);
      const query = {
        ...(options.force ? { force: true } : {}),
        ...(options.autoSubscribe ? { auto_subscribe: true } : {}),
      };
      const common = {
        ...(options.annotation ? { annotations: parseAnnotations(options.annotation) } : {}),
      };
      const dockerfile =
        options.dockerfile === undefined ? {} : { dockerfile: (await readFile(options.dockerfile)).toString('base64') };
      const added: AnchoreImage[] = [];
      const { from = 'registry' } = options;
      if (from !== 'registry') {
        const { addLocal } = await import('./add-local.ts');
        added.push(...(await addLocal(cli, client, names, from, { ...options, ...common, query })));
        return finish(cli, client, added, options, exit);
      }
      if (options.platform !== undefined) throw usageFailure('--platform belongs to --from');
      for (const name of names) {
        const source = imageSource(name, options.tag, dockerfile);
        added.push(
          await client.call(imagesOperations.add_image, { query, body: { ...common, source } }, { signal: cli.signal }),
        );
      }
      await finish(cli, client, added, options, exit);
    });
}

/** `image import-archive`: what `docker save` or a build tool wrote. */
export function defineImport(noun: Command, cli: CliContext, exit: (code: number) => void): void {
  waiting(
    serverCommand(
      noun,
      'import-archive <file>',
      'Upload an image archive (docker save, OCI layout as tar) and let the server analyse it',
      ['windlass image import-archive app.tar --wait', 'with the tags that it names'],
      ['windlass image import-archive app.tar --tag registry.example.com/app:1.4', 'with another tag'],
    ),
  )
    .alias('upload')
    .option(
      '--tag <tag>',
      'tag to know the image by; repeatable (default: those of the archive)',
      (value: string, list: string[] = []) => [...list, value],
    )
    .option('--force', 'analyse again although the image is known')
    .action(async (file: string, options: ServerOptions & WaitOptions & { tag?: string[]; force?: boolean }) => {
      const client = connect(cli, options);
      const { size } = await stat(file);
      const progress = progressLine(cli, options.quiet ? 'off' : 'auto');
      async function* bytes(): AsyncGenerator<Uint8Array> {
        let sent = 0;
        for await (const chunk of createReadStream(file, { highWaterMark: 1024 * 1024 })) {
          yield chunk as Buffer;
          sent += (chunk as Buffer).length;
          progress.update(`uploading ${formatBytes(sent)} of ${formatBytes(size)}`);
        }
      }
      const query = { ...(options.tag ? { tag: options.tag } : {}), ...(options.force ? { force: true } : {}) };
      const { items } = await client.call(
        windlassOperations.upload_image_archive,
        { query, raw: bytes() },
        { signal: cli.signal },
      );
      progress.end();
      await finish(cli, client, items, options, exit);
    });
}

function waiting(command: Command): Command {
  return command
    .option('--wait', 'wait for the end of the analysis')
    .option('--timeout <time>', 'longest wait: 90s, 15m, 2h', '30m')
    .option('-q, --quiet', 'no progress');
}

async function finish(
  cli: CliContext,
  client: Client,
  added: AnchoreImage[],
  options: ServerOptions & WaitOptions,
  exit: (code: number) => void,
): Promise<void> {
  let images = added;
  if (options.wait) {
    const timeoutMs = parseDuration(options.timeout);
    if (timeoutMs === undefined) throw usageFailure(`"${options.timeout}" is no time`, 'Write it as 90s, 15m or 2h.');
    const progress = progressLine(cli, options.quiet ? 'off' : 'auto');
    const deadline = performance.now() + timeoutMs;
    images = [];
    for (const { image_digest: digest } of added) {
      images.push(
        await waitForImage(cli, client, digest!, { progress, timeoutMs: Math.max(0, deadline - performance.now()) }),
      );
    }
    if (images.some((image) => image.analysis_status !== 'analyzed')) exit(EXIT.incomplete);
  }
  const data = images.length === 1 ? images[0] : { items: images };
  await show(cli, options.output, { data, rows: images, columns: IMAGE_COLUMNS, id: (image) => image.image_digest });
}

/** `name:tag` is a tag source, `name@sha256:…` a digest source, which needs a tag to be known by. */
export function imageSource(name: string, tag: string | undefined, more: { dockerfile?: string }) {
  const at = name.indexOf('@');
  if (at < 0) {
    if (tag !== undefined) throw usageFailure('--tag belongs to images named by digest');
    return { tag: { pull_string: name, ...more } };
  }
  const named = name.slice(0, at);
  const ownTag = /:[^/]+$/.test(named) ? named : undefined;
  const known = tag ?? ownTag;
  if (known === undefined) throw usageFailure(`${name} has no tag to be known by`, 'Add one: --tag NAME:TAG.');
  const repository = ownTag === undefined ? named : named.slice(0, named.lastIndexOf(':'));
  return { digest: { pull_string: `${repository}${name.slice(at)}`, tag: known, ...more } };
}

/** `key=value` pairs; the value `null` deletes the key. Throws CliFailure. */
export function parseAnnotations(pairs: readonly string[]): Record<string, string> {
  return Object.fromEntries(
    pairs.map((pair): [string, string] => {
      const equals = pair.indexOf('=');
      if (equals <= 0) throw usageFailure(`"${pair}" is no annotation`, 'Write it as key=value.');
      return [pair.slice(0, equals), pair.slice(equals + 1)];
    }),
  );
}
