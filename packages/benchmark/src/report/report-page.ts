import { escapeText, svgText } from './charts/picture.ts';
import { type ReportChart, reportCharts } from './charts/report-charts.ts';
import type { BenchmarkReport } from './report.ts';
import { type ReportSection, reportSections } from './report-sections.ts';
import { pageStyle } from './report-style.ts';

export interface ReportPage {
  readonly title: string;
  /** Where the runs are from, such as the names of files. */
  readonly sources: readonly string[];
}

/** Widths of each picture; the page shows the one that fits. */
const widths = { wide: 760, narrow: 340 } as const;

/** A report as one page of HTML that needs nothing else, runs nothing and fetches nothing. */
export function reportPage(report: BenchmarkReport, { title, sources }: ReportPage): string {
  const policy =
    "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'";
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="${escapeText(policy)}">
<meta name="color-scheme" content="light dark">
<meta name="referrer" content="no-referrer">
<title>${escapeText(title)}</title>
<style>${pageStyle}</style>
</head>
<body>
<main>
<h1>${escapeText(title)}</h1>
${sources.length === 0 ? '' : `<p class="soft">${escapeText(sources.join(', '))}</p>`}
${reportCharts(report).map(chartHtml).join('\n')}
${reportSections(report).map(sectionHtml).join('\n')}
</main>
</body>
</html>
`;
}

function chartHtml({ title, says, at }: ReportChart): string {
  return `<section><h2>${escapeText(title)}</h2><p class="soft">${escapeText(says)}</p>
<div class="wide">${svgText(at(widths.wide).drawn)}</div>
<div class="narrow">${svgText(at(widths.narrow).drawn)}</div></section>`;
}

function sectionHtml({ title, lines }: ReportSection): string {
  const rows = lines.map(
    ([label, words]) => `<div><dt>${escapeText(label)}</dt><dd>${escapeText(words)}</dd></div>`,
  );
  return `<section><h2>${escapeText(title)}</h2><dl>${rows.join('\n')}</dl></section>`;
}
