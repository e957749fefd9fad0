const DAY_MS = 24 * 60 * 60 * 1000;

/** A time of today or tomorrow as people say it: `18:05`, or with the date where that is another day. */
export function clock(time: number, now = Date.now()): string {
  const date = new Date(time);
  const text = date.toTimeString().slice(0, 5);
  const isToday = date.toDateString() === new Date(now).toDateString();
  if (isToday || Math.abs(time - now) < DAY_MS / 2) return text;
  const day = [date.getFullYear(), date.getMonth() + 1, date.getDate()].map((part) =>
    String(part).padStart(2, '0'),
  );
  return `${day.join('-')} ${text}`;
}
