// Stands between a scenario that speaks HTTP and a server: every request that the contract knows is made by the generated
// client instead, and the scenario gets the answer that the client got. Ends with a table of what the client said.
//
//     node proxy.mjs --contract FILE --driver PROGRAM --server URL --report FILE -- COMMAND ...   ({proxy} is replaced)
import { spawn } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { createServer, request as send } from 'node:http';
import { createInterface } from 'node:readline';
import { parseArgs } from 'node:util';

const options = {
  contract: { type: 'string' },
  driver: { type: 'string' },
  server: { type: 'string' },
  report: { type: 'string' },
};
const { values, positionals } = parseArgs({ options, allowPositionals: true });
const server = new URL(values.server);
const contract = JSON.parse(readFileSync(values.contract, 'utf8'));

const operations = Object.entries(contract.paths).flatMap(([path, methods]) =>
  Object.entries(methods)
    .filter(([, operation]) => operation.operationId)
    .map(([method, operation]) => ({
      id: operation.operationId,
      method: method.toUpperCase(),
      // A fixed segment is preferred to a parameter.
      parameters: (path.match(/\{/g) ?? []).length,
      pattern: new RegExp(`^/v2${path.replace(/[.*+?^$()|[\]\\]/g, '\\$&').replace(/\{(\w+)\}/g, '(?<$1>[^/]+)')}$`),
      query: new Set((operation.parameters ?? []).filter((one) => one.in === 'query').map((one) => one.name)),
    })),
);
const parameters = new Set(operations.flatMap(({ query }) => [...query]));

const driver = spawn(values.driver, [`${server.origin}/v2`], {
  stdio: ['pipe', 'pipe', 'inherit'],
  env: { ...process.env, PARAMETERS: [...parameters].join(',') },
});
const waiting = new Map();
let calls = 0;
createInterface({ input: driver.stdout }).on('line', (line) => {
  const answer = JSON.parse(line);
  waiting.get(answer.id)?.(answer);
  waiting.delete(answer.id);
});

const seen = new Map(
  operations.map(({ id }) => [id, { taken: {}, refusedByClient: {}, complaints: {}, unplaced: {} }]),
);
const say = (...words) => process.stdout.write(`${words.join(' ')}\n`);
const count = (table, key) => {
  table[key] = (table[key] ?? 0) + 1;
};

function operationOf(method, path) {
  return operations
    .filter((one) => one.method === method && one.pattern.test(path))
    .sort((a, b) => a.parameters - b.parameters)[0];
}

/** The parts of a form, by name. Files are base64. */
async function formOf(type, body) {
  const form = await new Response(body, { headers: { 'content-type': type } }).formData();
  const parts = {};
  for (const [name, value] of form) {
    parts[name] = typeof value === 'string' ? value : Buffer.from(await value.arrayBuffer()).toString('base64');
  }
  return parts;
}

async function throughClient(operation, request, url, body) {
  const type = request.headers['content-type'] ?? '';
  const id = ++calls;
  const query = {};
  for (const [name, value] of url.searchParams) {
    query[name] ??= [];
    query[name].push(value);
  }
  const path = {};
  for (const [name, value] of Object.entries(operation.pattern.exec(url.pathname).groups ?? {}))
    path[name] = decodeURIComponent(value);
  const headers = {};
  for (const name of ['authorization', 'x-anchore-account', 'anchore-request-id']) {
    if (request.headers[name] !== undefined) headers[name] = request.headers[name];
  }
  const call = { id, operation: operation.id, path, query, headers };
  if (body.length > 0) {
    if (/^multipart\/form-data|^application\/x-www-form-urlencoded/.test(type)) call.form = await formOf(type, body);
    else call.body = body.toString('base64');
  }
  return new Promise((resolve) => {
    waiting.set(id, resolve);
    driver.stdin.write(`${JSON.stringify(call)}\n`);
  });
}

function directly(request, body, response) {
  const on = send(
    {
      host: server.hostname,
      port: server.port,
      method: request.method,
      path: request.url,
      headers: { ...request.headers, host: server.host },
    },
    (answer) => {
      response.writeHead(answer.statusCode, answer.headers);
      answer.pipe(response);
    },
  );
  on.on('error', () => response.destroy());
  on.end(body);
}

const proxy = createServer(async (request, response) => {
  const chunks = [];
  for await (const chunk of request) chunks.push(chunk);
  const body = Buffer.concat(chunks);
  const url = new URL(request.url, 'http://proxy');
  const operation = operationOf(request.method, url.pathname);
  const type = request.headers['content-type'] ?? '';
  const typed = body.length === 0 || /json|multipart|x-www-form-urlencoded|text\/plain/.test(type);
  if (!operation || !typed) return directly(request, body, response);
  const row = seen.get(operation.id);
  try {
    const answer = await throughClient(operation, request, url, body);
    for (const name of answer.unplaced ?? []) count(row.unplaced, name);
    if (!answer.status) {
      count(row.refusedByClient, answer.error);
      return directly(request, body, response);
    }
    const said = answer.error;
    // Of a refusal the client says the status first; anything else is what it could not read.
    const complaint = answer.status < 300 ? said : said.startsWith(String(answer.status)) ? '' : said;
    if (complaint) count(row.complaints, `${answer.status}: ${complaint}`);
    else count(row.taken, answer.status);
    const kept = {};
    for (const [name, value] of Object.entries(answer.headers)) {
      if (!['content-length', 'transfer-encoding', 'connection', 'content-encoding'].includes(name)) kept[name] = value;
    }
    response.writeHead(answer.status, kept).end(Buffer.from(answer.body, 'base64'));
  } catch (error) {
    count(row.refusedByClient, String(error));
    directly(request, body, response);
  }
});

proxy.listen(0, '127.0.0.1', () => {
  const url = `http://127.0.0.1:${proxy.address().port}`;
  const [command, ...words] = positionals.map((word) => word.replaceAll('{proxy}', url));
  const child = spawn(command, words, { stdio: 'inherit' });
  child.on('exit', (code) => {
    const rows = [...seen].map(([operation, row]) => ({ operation, ...row }));
    const took = rows.filter((row) => Object.keys(row.taken).some((status) => status < 300));
    const complained = rows.filter((row) => Object.keys(row.complaints).length > 0);
    for (const row of complained) say(row.operation, JSON.stringify(row.complaints));
    for (const row of rows)
      if (!took.includes(row)) say('no success through the client:', row.operation, JSON.stringify(row));
    if (values.report) writeFileSync(values.report, JSON.stringify(rows, null, 1));
    say(
      JSON.stringify({
        operations: rows.length,
        successes: took.length,
        complained: complained.length,
        calls,
        scenario: code,
      }),
    );
    driver.stdin.end();
    proxy.closeAllConnections();
    proxy.close();
    process.exitCode = complained.length > 0 ? 1 : 0;
  });
});
