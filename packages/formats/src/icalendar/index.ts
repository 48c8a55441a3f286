export {
  type Calendar,
  type CalendarEvent,
  calendarLimits,
  type IcalendarCode,
  writeCalendar,
} from './icalendar.ts';
