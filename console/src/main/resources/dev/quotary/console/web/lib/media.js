import { useEffect, useMemo, useState } from './html.js';

/** Whether a media query holds, now and whenever that changes. @param {string} query */
export function useMedia(query) {
  const media = useMemo(() => matchMedia(query), [query]);
  const [holds, setHolds] = useState(media.matches);
  useEffect(() => {
    const look = () => setHolds(media.matches);
    media.addEventListener('change', look);
    return () => media.removeEventListener('change', look);
  }, [media]);
  return holds;
}
