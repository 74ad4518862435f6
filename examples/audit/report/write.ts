// Puts the report where the user wants it.
import { replaceFile } from '../lib/data-folder.ts';
import type { Findings } from './gather.ts';
import { renderReport } from './html.ts';

/** Whole or not at all, and again as often as needed. */
export const writeReport = (file: string, findings: Findings): void =>
  replaceFile(file, renderReport(findings));
