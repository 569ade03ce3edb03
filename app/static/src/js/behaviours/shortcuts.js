// One key for every frequent act: elements say theirs in data-key; « ? » shows or hides the list.
const PAUSE = 50; // ms: a key followed sooner by another one is a scanner's, not a person's

export function mount(body) {
  let panel = null;
  let pending = 0;

  document.addEventListener('keydown', event => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
    if (event.key === 'Escape' && panel) return toggle();
    clearTimeout(pending);
    if (isTyping(event.target)) return;
    const act = deed(event.key);
    if (!act) return;
    event.preventDefault();
    pending = setTimeout(act, PAUSE);
  });

  function deed(key) {
    if (key === '?') return toggle;
    const element = body.querySelector(`[data-key="${CSS.escape(key)}"]`);
    if (!element) return null;
    return () => (element.matches('input, select, textarea') ? element.focus() : element.click());
  }

  function toggle() {
    if (panel) {
      panel.remove();
      panel = null;
    } else {
      panel = drawn(body);
      body.append(panel);
      panel.focus();
    }
  }
}

function isTyping(target) {
  return target.isContentEditable || target.matches('select, textarea, input:not([type="checkbox"], [type="radio"], [type="submit"])');
}

function drawn(body) {
  const words = document.getElementById('shortcuts-words')?.dataset ?? {title: '', help: ''};
  const panel = Object.assign(document.createElement('section'), {className: 'shortcuts', tabIndex: -1});
  panel.setAttribute('aria-label', words.title);
  const list = document.createElement('dl');
  const line = (key, word) => {
    list.append(Object.assign(document.createElement('dt'), {innerHTML: '<kbd></kbd>'}));
    list.lastChild.firstChild.textContent = key;
    list.append(Object.assign(document.createElement('dd'), {textContent: word}));
  };
  const seen = new Set();
  for (const element of body.querySelectorAll('[data-key]')) {
    if (seen.has(element.dataset.key)) continue;
    seen.add(element.dataset.key);
    line(element.dataset.key, named(element));
  }
  line('?', words.help);
  panel.append(Object.assign(document.createElement('h2'), {textContent: words.title}), list);
  return panel;
}

function named(element) {
  return element.ariaLabel ?? element.labels?.[0]?.textContent ?? element.querySelector('span')?.textContent ?? element.textContent.trim();
}
