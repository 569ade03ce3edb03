// Light, dark or as the machine says: kept in a cookie, so that the server draws the next page right at once.
const YEAR = 31536000;

export function mount(select) {
  select.value = document.documentElement.dataset.theme ?? '';
  select.hidden = false;

  select.addEventListener('change', () => {
    const chosen = select.value;
    if (chosen) document.documentElement.dataset.theme = chosen;
    else delete document.documentElement.dataset.theme;
    document.cookie = `theme=${chosen}; Path=/; SameSite=Lax; Max-Age=${chosen ? YEAR : 0}`;
  });
}
