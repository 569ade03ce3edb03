// The one module that knows event-calendar: draws a day, spaces as rows and hours as columns, and mends its table roles.
import {createCalendar, Interaction, ResourceTimeline} from '../vendor/calendar.js';

const PHONE = '(max-width: 40rem)';
const SLOT = 30 * 60 * 1000;
const ROLES = ['table', 'row', 'rowgroup', 'rowheader', 'columnheader', 'cell'];
const COUNTS = ['colindex', 'rowindex', 'rowcount', 'colcount'];

export function draw(element, settings, chosen) {
  const phone = matchMedia(PHONE).matches;
  const options = {
    ...look(phone, settings),
    resources: settings.resources,
    events: settings.events.map(asEvent),
    // A tap on free ground asks for one hour; a drag asks for what was dragged over.
    dateClick: info => chosen({resource: info.resource.id, start: local(info.date), end: local(new Date(+info.date + 2 * SLOT))}),
    select: info => chosen({resource: info.resource.id, start: local(info.start), end: local(info.end)}),
    eventContent: info => ({domNodes: [worded(info.event)]}),
  };
  const calendar = createCalendar(element, [ResourceTimeline, Interaction], options);
  mendRoles(element, settings.labels.day);
  return calendar;
}

function look(phone, settings) {
  return {
    view: 'resourceTimelineDay',
    date: settings.date,
    locale: document.documentElement.lang,
    headerToolbar: {start: '', center: '', end: ''},
    slotMinTime: settings.from,
    slotMaxTime: settings.to,
    slotDuration: '00:30',
    slotLabelInterval: '01:00',
    slotWidth: phone ? 30 : 36,
    columnWidth: phone ? '84px' : undefined,
    height: 'auto',
    nowIndicator: true,
    selectable: true,
    editable: false,
    eventStartEditable: false,
    eventDurationEditable: false,
    longPressDelay: 300,
    slotLabelFormat: time => `${time.getHours()} h`,
  };
}

function asEvent({id, resource, start, end, kind, title, url}) {
  return {id, resourceIds: [resource], start, end, title, classNames: [`is-${kind}`], extendedProps: {url}};
}

// A booking one may open is a plain link, so that the keyboard and the reader need no help of ours.
function worded(event) {
  const {url} = event.extendedProps;
  const node = document.createElement(url ? 'a' : 'span');
  if (url) node.href = url;
  node.className = 'ec-event-title';
  node.textContent = event.title;
  return node;
}

function local(date) {
  const two = number => String(number).padStart(2, '0');
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}T${two(date.getHours())}:${two(date.getMinutes())}`;
}

// event-calendar's table roles are incomplete (axe: aria-required-children). The list below is the equal for readers;
// here the names stay and the roles go. Attributes are not observed, or our own changes would call us for ever.
function mendRoles(element, name) {
  const mend = () => {
    for (const role of ROLES) for (const node of element.querySelectorAll(`[role=${role}]`)) node.removeAttribute('role');
    for (const count of COUNTS) for (const node of element.querySelectorAll(`[aria-${count}]`)) node.removeAttribute(`aria-${count}`);
    for (const event of element.querySelectorAll('.ec-event')) {
      event.removeAttribute('role');
      event.removeAttribute('tabindex');
    }
    for (const part of element.querySelectorAll('.ec-main:not([tabindex])')) part.tabIndex = 0; // it scrolls: by keys too
    element.setAttribute('role', 'region');
    element.setAttribute('aria-label', name);
  };
  new MutationObserver(mend).observe(element, {childList: true, subtree: true});
  mend();
}
