import { createHash } from 'node:crypto';
import { type RawAnswer, rawAnswer } from '#platform/http/index.ts';
import { xmlText } from '#shared/xml-writer.ts';
import type { MessageField } from './redirect-binding.ts';

const SCRIPT = 'document.forms[0].submit()';
const SCRIPT_HASH = createHash('sha256').update(SCRIPT).digest('base64');

/** A page whose form takes a message to the provider (HTTP-POST binding, SAML 2.0 Bindings §3.5): by itself, or by its button. */
export function postForm(options: {
  location: string;
  field: MessageField;
  xml: string;
  relayState?: string | undefined;
}): RawAnswer {
  const { location, field, xml, relayState } = options;
  const fields: [string, string][] = [[field, Buffer.from(xml).toString('base64')]];
  if (relayState !== undefined) fields.push(['RelayState', relayState]);
  const inputs = fields.map(([name, value]) => `<input type="hidden" name="${name}" value="${xmlText(value)}">`);
  const page =
    '<!doctype html><html lang="en"><meta charset="utf-8"><title>Signing out</title>' +
    `<form method="post" action="${xmlText(location)}">${inputs.join('')}<button>Continue</button></form>` +
    `<script>${SCRIPT}</script></html>`;
  return rawAnswer(page, {
    status: 200,
    contentType: 'text/html; charset=utf-8',
    headers: {
      'cache-control': 'no-store',
      // No form-action: browsers would apply it to where the provider sends the answer on to.
      'content-security-policy': `default-src 'none'; script-src 'sha256-${SCRIPT_HASH}'; base-uri 'none'; frame-ancestors 'none'`,
    },
  });
}
