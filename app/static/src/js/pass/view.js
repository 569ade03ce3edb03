// What the phone page shows: one state at a time, which pass, and what it knows of clock and network.
const NOTABLE = 5; // seconds a phone's clock may differ before we speak of it

export function show(root, state) {
  for (const part of root.querySelectorAll('[data-state]')) part.hidden = !part.dataset.state.split(' ').includes(state);
  root.dataset.now = state;
}

// The pass that was chosen, else the one that opens now, else the next.
export function choose(passes, chosen, now) {
  return passes.find(pass => pass.key === chosen) ?? passes.find(pass => pass.from - 600 <= now) ?? passes[0];
}

export function fillList(list, passes, current) {
  list.closest('[data-part="others"]').hidden = passes.length < 2;
  list.replaceChildren(...passes.map(pass => {
    const option = new Option(`${pass.name}, ${pass.when}`, pass.key);
    option.selected = pass === current;
    return option;
  }));
}

const said = root => JSON.parse(root.querySelector('[data-part="words"]').textContent);

export const words = {
  say(root, name, facts = {}) {
    return said(root)[name].replace(/\{(\w+)\}/g, (_, fact) => facts[fact]);
  },

  // Without a network: since when what is shown was not renewed.
  status(root, state, now) {
    if (!state.problem || !state.known) return '';
    return words.say(root, 'offline', {since: hour(state.known.at, now)});
  },

  clock(root, offset) {
    const seconds = Math.round(Math.abs(offset));
    if (seconds < NOTABLE) return '';
    return words.say(root, offset > 0 ? 'slow' : 'fast', {length: length(seconds)});
  },
};

function length(seconds) {
  if (seconds < 120) return `${seconds}\u00a0s`;
  return seconds < 7200 ? `${Math.round(seconds / 60)}\u00a0min` : `${Math.round(seconds / 3600)}\u00a0h`;
}

function hour(at, now) {
  const date = new Date(at * 1000);
  const other = date.toDateString() !== new Date(now * 1000).toDateString();
  const format = {hour: '2-digit', minute: '2-digit', ...(other && {day: 'numeric', month: 'long'})};
  const text = date.toLocaleString(document.documentElement.lang, format);
  return document.documentElement.lang === 'fr' ? text.replace(/(\d\d):(\d\d)/, '$1\u00a0h\u00a0$2') : text;
}
