import type { Authenticator } from '#platform/auth/authenticate.ts';
import type { createHttpServer } from '#platform/http/index.ts';
import type { Metrics } from '#platform/metrics/index.ts';

/** Serves `/metrics` for Prometheus: Basic authentication of an administrator unless `open`, and `/ready` for probes. */
export function addMetricsRoute(
  app: ReturnType<typeof createHttpServer>,
  options: { metrics: Metrics; authenticator: Authenticator; open: boolean },
): void {
  app.get('/ready', (_request, reply) => reply.type('text/plain').send('ready'));
  app.get('/metrics', async (request, reply) => {
    if (!options.open) {
      const actor = await options.authenticator.authenticate({
        method: request.method,
        url: request.url,
        headers: request.headers,
        remoteAddress: request.ip,
      });
      if (actor?.accountType !== 'admin') {
        return reply
          .code(401)
          .header('www-authenticate', 'basic realm="Authentication required"')
          .type('text/plain')
          .send('Unauthorized');
      }
    }
    return reply.type('text/plain; version=0.0.4').send(await options.metrics.text());
  });
}
