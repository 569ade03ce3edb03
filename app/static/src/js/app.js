// Gives elements the behaviours they name (data-behaviour="a b"), now and after every swap by htmx.
import htmx from '../vendor/htmx.js';

const mounted = new WeakSet();

async function mount(element) {
  if (mounted.has(element)) return;
  mounted.add(element);
  for (const name of element.dataset.behaviour.split(/\s+/).filter(Boolean)) {
    const behaviour = await import(`./behaviours/${name}.js`);
    behaviour.mount(element, {htmx});
  }
}

export function mountAll(root = document) {
  for (const element of root.querySelectorAll('[data-behaviour]')) mount(element);
}

document.addEventListener('htmx:after:swap', () => mountAll());
mountAll();
