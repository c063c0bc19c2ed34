import { setTimeout as pause } from 'node:timers/promises';
import type { Command } from 'commander';
import {
  windlassComplianceOperations as operations,
  type RuntimeComplianceCheck,
} from '#contract/windlass-compliance.ts';
import type { CliContext } from '../../context.ts';
import { EXIT } from '../../exit-codes.ts';
import { CliFailure, usageFailure } from '../../failure.ts';
import { connect, type ServerOptions, serverCommand } from '../../server-command.ts';
import { parseDuration } from '../../terminal/size.ts';
import { addFile, findImage } from './form.ts';
import { showCheck } from './read.ts';

interface UploadOptions extends ServerOptions {
  image: string;
  report?: string;
  tag?: string;
  namespace?: string;
  pod?: string;
  result?: string;
  start?: string;
  end?: string;
  wait?: boolean;
  timeout: string;
}

/** `compliance upload`: exit 1 with `--wait` when the verdict is fail, 4 when the file cannot be read. */
export function defineUpload(noun: Command, cli: CliContext, exit: (code: number) => void): void {
  serverCommand(
    noun,
    'upload <result-file>',
    'Send the result of oscap: XCCDF or ARF',
    ['windlass compliance upload arf.xml --image app:1.4 --report report.html --wait', 'of an image, and what it says'],
    [
      'windlass compliance upload results.xml --image sha256:… --namespace shop --pod web-0 --result fail',
      'of a running container',
    ],
  )
    .requiredOption('--image <image>', 'image that was checked: tag or digest')
    .option('--report <file>', 'HTML report to keep with it')
    .option('--tag <tag>', 'tag that the container was started from (default: that of --image)')
    .option('--namespace <name>', 'namespace that it runs in')
    .option('--pod <name>', 'pod that it runs in')
    .option('--result <word>', 'what the checking program says: pass, fail, or its exit code')
    .option('--start <time>', 'when the check began; without a zone in UTC')
    .option('--end <time>', 'when it ended')
    .option('--wait', 'wait until the server has read the file')
    .option('--timeout <time>', 'longest wait: 90s, 15m', '5m')
    .action(async (file: string, options: UploadOptions) => {
      const timeout = parseDuration(options.timeout);
      if (timeout === undefined) throw usageFailure(`"${options.timeout}" is no time`, 'Write it as 90s or 15m.');
      const client = connect(cli, options);
      const form = new FormData();
      form.append('check_type', 'oscap');
      const image = await findImage(client, options.image);
      form.append('image_digest', image.digest);
      const fields = {
        image_tag: options.tag ?? image.tag,
        namespace: options.namespace,
        pod: options.pod,
        result: options.result,
        start_time: options.start,
        end_time: options.end,
      };
      for (const [name, value] of Object.entries(fields)) if (value !== undefined) form.append(name, value);
      await addFile(form, 'result_file', file);
      if (options.report !== undefined) await addFile(form, 'report_file', options.report);
      let check: RuntimeComplianceCheck = await client.call(
        operations.add_runtime_compliance_check,
        { raw: form },
        { signal: cli.signal },
      );
      const deadline = performance.now() + timeout;
      while (options.wait && check.state === 'pending') {
        if (performance.now() > deadline)
          throw new CliFailure(`the file was not read within ${options.timeout}`, { exitCode: EXIT.timeout });
        await pause(500, undefined, { signal: cli.signal });
        check = await client.call(operations.get_runtime_compliance_check, { params: { check_uuid: check.uuid } });
      }
      await showCheck(cli, options.output, check);
      if (!options.wait) return;
      if (check.state === 'failed') exit(EXIT.incomplete);
      else if (check.summary?.verdict === 'fail') exit(EXIT.failed);
    });
}
