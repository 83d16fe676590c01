// Runs before anything is painted, so that a dark page never flashes white.
(function () {
  let chosen = '';
  try {
    chosen = localStorage.getItem('quotary.theme') ?? '';
  } catch {
    // Storage may be forbidden; the system's choice is as good.
  }
  const asked = new URLSearchParams(location.search).get('theme');
  const system = matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light';
  document.documentElement.dataset.theme = asked === 'dark' || asked === 'light' ? asked : chosen || system;
})();
