// Counts down to the instant in `datetime`; at the end it says so, and tells the page once.
export function mount(element) {
  const end = Date.parse(element.dateTime);
  const spoken = element.textContent;
  element.title = spoken;

  const tick = () => {
    const seconds = Math.max(0, Math.ceil((end - Date.now()) / 1000));
    element.textContent = seconds > 0 ? clockFace(seconds) : element.dataset.over;
    if (seconds > 0) return setTimeout(tick, 1000 - (Date.now() % 1000));
    element.dispatchEvent(new CustomEvent('totem:over', {bubbles: true}));
  };
  tick();
}

function clockFace(seconds) {
  const hours = Math.floor(seconds / 3600);
  const minutes = String(Math.floor(seconds / 60) % 60).padStart(hours ? 2 : 1, '0');
  const rest = String(seconds % 60).padStart(2, '0');
  return hours ? `${hours}:${minutes}:${rest}` : `${minutes}:${rest}`;
}
