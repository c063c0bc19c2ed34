import { enableCompileCache } from 'node:module';
import { join } from 'node:path';

// Reading a thousand sources takes longer than all else that a start does: what was made of them is kept beside the
// dependencies, never in a folder for temporary files, where others could put code of theirs. An installation that cannot
// be written does without, unless NODE_COMPILE_CACHE names a folder; NODE_DISABLE_COMPILE_CACHE=1 switches it off.
// The variable is set for the threads, which inherit nothing else.
process.env.NODE_COMPILE_CACHE ??= join(import.meta.dirname, '..', '..', 'node_modules', '.cache', 'windlass');
enableCompileCache();
const { processContext } = await import('./cli/process-context.ts');
const { runCli } = await import('./cli/run.ts');

const context = processContext({
  async fetcher() {
    const { readFile } = await import('node:fs/promises');
    const { createOutbound } = await import('#platform/http/outbound.ts');
    const { proxyFromEnvironment } = await import('#platform/http/outbound-proxy.ts');
    const { WINDLASS_CA_FILE: caFile, WINDLASS_OUTBOUND_ALLOW: allow, WINDLASS_OUTBOUND_DENY: deny } = process.env;
    return createOutbound({
      proxy: proxyFromEnvironment(process.env),
      ...(caFile ? { extraCa: await readFile(caFile, 'utf8') } : {}),
      ...(allow ? { allow: networks(allow) } : {}),
      ...(deny ? { deny: networks(deny) } : {}),
    });
  },
  serve: async (settings, env = process.env) => (await import('./server.ts')).runServer({ env, argv: settings }),
  demo: async (options, cli) => (await import('./demo/run-demo.ts')).runDemo(options, cli),
});

process.exitCode = await runCli(process.argv.slice(2), context);

function networks(text: string): string[] {
  return text.split(/[\s,]+/).filter(Boolean);
}
