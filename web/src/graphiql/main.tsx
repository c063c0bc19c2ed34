import 'graphiql/style.css';
import './page.css';
import { GraphiQL } from 'graphiql';
import { createRoot } from 'react-dom/client';
import { sendDocument } from './send-document.ts';

const EXAMPLE = `# Ctrl-Enter runs the query; Ctrl-Space completes names.
{
  imagesByVulnerability(limit: 10, filter: { vulnerability: { severity: Critical } }) {
    pageInfo { nextToken count }
    results {
      vulnerabilityId
      imagesCount
      images(limit: 5) { digest tags { registryName repositoryName tagName } }
    }
  }
}
`;

const search = new URLSearchParams(window.location.search);
const [query, variables, account] = ['query', 'variables', 'account'].map((name) => search.get(name) ?? undefined);

createRoot(document.getElementById('root')!).render(
  <GraphiQL
    fetcher={sendDocument}
    defaultQuery={EXAMPLE}
    defaultEditorToolsVisibility="variables"
    {...(query === undefined ? {} : { query })}
    {...(variables === undefined ? {} : { variables })}
    {...(account === undefined ? {} : { headers: JSON.stringify({ 'x-anchore-account': account }, null, 2) })}
  />,
);
