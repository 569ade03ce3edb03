// The day of a site as a timeline: data from the JSON beside it; pressing free ground leads to the booking page.
import {draw} from '../board.js';

export function mount(element) {
  const settings = JSON.parse(document.getElementById(element.dataset.settings).textContent);
  element.classList.add('timeline-ready');
  draw(element, settings, chosen => { location.href = filled(settings.press, chosen); });
}

function filled(template, values) {
  return template.replace(/\{(\w+)\}/g, (_, name) => encodeURIComponent(values[name]));
}
