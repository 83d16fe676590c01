import { html } from '../lib/html.js';
import { route } from '../lib/router.js';
import { session } from '../lib/session.js';
import { Empty, Loading } from '../parts/states.js';
import { Toasts } from '../parts/toast.js';
import { PageHead } from '../parts/PageHead.js';
import { pageAt } from './places.js';
import { Shell } from './Shell.js';
import { SignIn } from './SignIn.js';

function Page() {
  const found = pageAt(route.value.path);
  if (!found) {
    return html`<${PageHead} title="Nothing here" />
      <${Empty} icon="search" title="There is no page at this address">
        <a class="link" href="/console">Go to the first page</a>
      <//>`;
  }
  return html`<${found.page} key=${found.key} ...${found.props} />`;
}

export function Console() {
  if (session.value === null) {
    return html`<div class="splash"><${Loading} lines=${3} /></div>`;
  }
  if (!session.value.signed_in) {
    return html`<${SignIn} />`;
  }
  return html`<${Shell}><${Page} /><//><${Toasts} />`;
}
