// Asks for its part of the page again every data-every seconds, only while someone looks and nobody types in it.
export function mount(element, {htmx}) {
  const every = Number(element.dataset.every) * 1000;

  const again = () => {
    if (!element.isConnected) return;
    const busy = element.contains(document.activeElement) || element.querySelector('details[open]');
    if (document.visibilityState === 'visible' && !busy) htmx.trigger(element, 'refresh');
    setTimeout(again, every);
  };
  setTimeout(again, every);
}
