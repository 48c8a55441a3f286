/** The style of a report's page: light and dark by what the reader's machine prefers. */
export const pageStyle = `
:root { --ground: #fbfaf7; --ink: #1d2429; --soft: #566069; --line: #d9d6ce; --mark: #8a5a00;
  --s0: #0b5cad; --s1: #b3420e; --s2: #1e7a46; --s3: #7a3fa0; --s4: #a0263f; --s5: #006f7a;
  --s6: #75600a; --s7: #4a5560; }
@media (prefers-color-scheme: dark) { :root { --ground: #14181b; --ink: #e8e6e1; --soft: #a4adb4;
  --line: #343b40; --mark: #e0b050; --s0: #6cb2f5; --s1: #f59363; --s2: #6fcf97; --s3: #c99be8;
  --s4: #f28b9e; --s5: #5ecbd6; --s6: #d9c25a; --s7: #b3bdc6; } }
body { margin: 0; background: var(--ground); color: var(--ink);
  font: 16px/1.5 system-ui, sans-serif; }
main { max-width: 780px; margin: 0 auto; padding: 24px 16px 64px; }
h1 { font-size: 28px; line-height: 1.2; margin: 0 0 8px; overflow-wrap: anywhere; }
h2 { font-size: 19px; margin: 32px 0 4px; overflow-wrap: anywhere; }
.soft { color: var(--soft); margin: 0 0 12px; overflow-wrap: anywhere; }
dl { margin: 8px 0 0; }
dl > div { display: grid; grid-template-columns: minmax(0, 14em) minmax(0, 1fr); gap: 4px 16px;
  padding: 6px 0; border-top: 1px solid var(--line); }
dt { color: var(--soft); overflow-wrap: anywhere; }
dd { margin: 0; overflow-wrap: anywhere; font-variant-numeric: tabular-nums; }
.narrow { display: none; }
@media (max-width: 800px) { .wide { display: none; } .narrow { display: block; }
  dl > div { grid-template-columns: minmax(0, 1fr); gap: 0; } }
.chart { display: block; max-width: 100%; height: auto; font: 13px system-ui, sans-serif; }
.chart text { fill: var(--ink); }
.chart .chart-tick { fill: var(--soft); font-size: 12px; }
.chart-grid { stroke: var(--line); }
.chart-mark { stroke: var(--mark); stroke-dasharray: 3 3; }
.chart-bar { fill: var(--soft); opacity: 0.55; }
.chart-range { stroke: var(--series); stroke-width: 3; opacity: 0.55; }
.chart-point { fill: var(--series); }
.chart-curve { fill: none; stroke: var(--series); stroke-width: 2; }
.chart .dash-1 { stroke-dasharray: 7 4; }
.chart .dash-2 { stroke-dasharray: 2 3; }
.series-0 { --series: var(--s0); } .series-1 { --series: var(--s1); }
.series-2 { --series: var(--s2); } .series-3 { --series: var(--s3); }
.series-4 { --series: var(--s4); } .series-5 { --series: var(--s5); }
.series-6 { --series: var(--s6); } .series-7 { --series: var(--s7); }
`;
