import type { Server, ServerResponse } from 'node:http';

/**
 * Ends the connections of a server that closes. Node waits for connections on which a client has sent nothing yet, as
 * browsers and pools open in advance, as long as for running requests.
 */
export function trackRequests(server: Server): { closeWhenIdle(graceMs: number): () => void } {
  const running = new Set<ServerResponse>();
  let closing = false;
  server.on('request', (_request, response: ServerResponse) => {
    running.add(response);
    response.once('close', () => {
      running.delete(response);
      if (closing && running.size === 0) server.closeAllConnections();
    });
  });
  return {
    /** Cuts all connections when the last request has ended, or after the time. Call the result when the server has closed. */
    closeWhenIdle(graceMs) {
      closing = true;
      if (running.size === 0) server.closeAllConnections();
      const timer = setTimeout(() => server.closeAllConnections(), graceMs);
      return () => clearTimeout(timer);
    },
  };
}
