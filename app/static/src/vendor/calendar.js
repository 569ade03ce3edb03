// The parts of event-calendar that our timeline uses; only js/board.js imports this.
export {createCalendar, destroyCalendar, Interaction, ResourceTimeline} from '@event-calendar/core';
