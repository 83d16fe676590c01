/** The portal token, out of the part of the address that browsers keep to themselves. */
import { callAs } from '../lib/api.js';

const STORED = 'quotary.portal';

/** Takes the token out of the address, so that it is not in the history; it lasts as long as the tab. */
export function takeToken() {
  const given = new URLSearchParams(location.hash.slice(1)).get('token');
  if (given) {
    remember(given);
    history.replaceState(null, '', location.pathname + location.search);
  }
  const token = given ?? stored();
  if (token) {
    callAs({ headers: () => ({ Authorization: `Bearer ${token}` }) });
  }
  return token;
}

/** @param {string} token */
function remember(token) {
  try {
    sessionStorage.setItem(STORED, token);
  } catch {
    // Then a reload needs a new link.
  }
}

function stored() {
  try {
    return sessionStorage.getItem(STORED) ?? '';
  } catch {
    return '';
  }
}
