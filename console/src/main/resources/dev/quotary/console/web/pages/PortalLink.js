import { html, useState } from '../lib/html.js';
import { send } from '../lib/api.js';
import { useLoad } from '../lib/load.js';
import { moment } from '../lib/format.js';
import { Copy } from '../parts/Copy.js';
import { Dialog } from '../parts/Dialog.js';
import { Failed, Loading } from '../parts/states.js';

const TTL_SECONDS = 3600;

/**
 * The page that the end user sees, for an hour.
 *
 * @param {{ subject: any, onClose: () => void }} props
 */
export function PortalLink({ subject, onClose }) {
  const [asked] = useState(() => ({
    subject: subject.key,
    ttl_seconds: TTL_SECONDS,
    organization: subject.organization,
  }));
  const { data, error } = useLoad(() => send('POST', '/api/v1/portal-tokens', asked), []);
  // Behind the hash: what stands there never reaches a server or its logs.
  const link = data ? `${location.origin}/portal#token=${data.token}` : '';
  return html`<${Dialog} title="Portal link" about="Whoever has it sees this subject's own use, and can change nothing." onClose=${onClose}>
    ${error && html`<${Failed} error=${error} />`} ${!data && !error && html`<${Loading} lines=${2} />`}
    ${
      data &&
      html`<textarea class="secret" readonly rows="4" aria-label="Portal link">${link}</textarea>
      <p class="muted">Good until ${moment(data.expires_at)} UTC. Your application makes one for each visit.</p>
      <footer class="dialog-foot">
        <${Copy} text=${link} label="Copy link" />
        <a class="button primary" href=${link} target="_blank" rel="noreferrer">Open the portal</a>
      </footer>`
    }
  <//>`;
}
